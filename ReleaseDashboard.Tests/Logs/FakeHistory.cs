using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>Steps and green runs that a test says.</summary>
internal sealed class FakeHistory : IRunHistory
{
    public List<RunStep> Steps { get; } = [];

    public Run? Green { get; set; }

    public Task<IReadOnlyList<RunStep>> ReadStepsAsync(long run, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RunStep>>(Steps);

    public Task<Run?> FindGreenBeforeAsync(Run run, CancellationToken cancellationToken) => Task.FromResult(Green);
}
