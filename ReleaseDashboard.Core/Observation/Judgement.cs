using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;

namespace ReleaseDashboard.Core.Observation;

/// <summary>What a look means for an environment that no run is changing. Pure.</summary>
internal static class Judgement
{
    public static (HealthStatus Health, SyncStatus Sync, IReadOnlyList<DriftItem> Drift) Of(ReleaseEnvironment environment, AppliedState applied, ObservedState observed)
    {
        // Nothing is meant to run, or nothing was ever said to: there is nothing to differ from.
        if (environment.Phase is EnvironmentPhase.Pending or EnvironmentPhase.Paused || applied is { Desired: null, Services.Count: 0 }) return (HealthStatus.Unknown, SyncStatus.InSync, []);
        var drift = Drift.Find(applied, observed);
        return (Health.Of(applied, observed), drift.Count == 0 ? SyncStatus.InSync : SyncStatus.OutOfSync, drift);
    }
}
