using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Tests.Fakes;

internal sealed class FakeWorkers : IWorkerHealth
{
    public bool Ready { get; set; } = true;
}
