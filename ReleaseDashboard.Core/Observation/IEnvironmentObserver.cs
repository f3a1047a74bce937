using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>What the engine was last seen to have. Fed by engine events and a resync; reads only.</summary>
public interface IEnvironmentObserver
{
    /// <summary>Null before the first look.</summary>
    ObservedState? Last(string environment);

    IReadOnlyList<InstanceUsage> Usage(string environment);

    EngineStatus Engine { get; }

    /// <summary>Environments the engine has objects of and the database does not know, or knows as removed.</summary>
    IReadOnlyList<ObservedState> Orphans { get; }

    /// <summary>Look again soon; runs call it when they changed something.</summary>
    void Touch(string environment);
}
