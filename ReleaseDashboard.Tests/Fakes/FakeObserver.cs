using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;

namespace ReleaseDashboard.Tests.Fakes;

internal sealed class FakeObserver : IEnvironmentObserver
{
    public EngineStatus Engine { get; set; } = new(true, "20.10.24", null);
    public Dictionary<string, ObservedState> Seen { get; } = [];
    public IReadOnlyList<ObservedState> Orphans { get; set; } = [];
    public List<InstanceUsage> Used { get; } = [];

    public ObservedState? Last(string environment) => Seen.GetValueOrDefault(environment);
    public IReadOnlyList<InstanceUsage> Usage(string environment) => Used;
    public void Touch(string environment) { }
}
