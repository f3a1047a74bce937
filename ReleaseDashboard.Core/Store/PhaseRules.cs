using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>How runs move an environment from phase to phase, and a deployment from status to status. Pure; the picture is in docs/run-states.md.</summary>
internal static class PhaseRules
{
    public static EnvironmentPhase OnStart(Stage stage, EnvironmentPhase present) => stage switch
    {
        Stage.Setup => EnvironmentPhase.SettingUp,
        Stage.Patch => EnvironmentPhase.Patching,
        Stage.Teardown => EnvironmentPhase.TearingDown,
        _ => present,
    };

    /// <param name="present">Phase now.</param>
    /// <param name="before">Phase when the run first started; for a teardown, when it was asked for.</param>
    /// <param name="setupSucceeded">Setup had succeeded before this run.</param>
    /// <param name="ran">False for a run that ended without ever starting.</param>
    public static EnvironmentPhase OnEnd(Stage stage, RunStatus status, EnvironmentPhase present, EnvironmentPhase before, bool setupSucceeded, bool ran) => (stage, status) switch
    {
        (not Stage.Teardown, _) when !ran || present == EnvironmentPhase.TearingDown => present,
        (Stage.Teardown, _) when !ran => before is EnvironmentPhase.SettingUp or EnvironmentPhase.Patching
            ? setupSucceeded ? EnvironmentPhase.Ready : EnvironmentPhase.Failed
            : before,
        (Stage.Setup or Stage.Patch, RunStatus.Succeeded) => EnvironmentPhase.Ready,
        (Stage.Setup, RunStatus.Failed) => EnvironmentPhase.Failed,
        // Half of a first setup is no state to stay in; on an environment that worked, what differs shows as drift.
        (Stage.Setup, _) when !setupSucceeded => EnvironmentPhase.Failed,
        (Stage.Teardown, RunStatus.Succeeded) => EnvironmentPhase.Removed,
        (Stage.Teardown, _) => EnvironmentPhase.Failed,
        (Stage.Pause, RunStatus.Succeeded) => EnvironmentPhase.Paused,
        // A failed patch lands here: the old version serves, so the environment is what it was.
        _ => before,
    };

    /// <summary>Status of a deployment whose stages have these. Between two stages it stays running.</summary>
    public static RunStatus OfDeployment(RunStatus present, IReadOnlyCollection<RunStatus> stages)
    {
        // The stage will not come any more, so the deployment has ended; its build goes on for whoever wants it.
        if (stages.Contains(RunStatus.Superseded)) return RunStatus.Superseded;
        if (stages.Count == 0 || stages.All(s => s == RunStatus.Succeeded)) return RunStatus.Succeeded;
        if (stages.Any(s => !s.IsFinal())) return stages.Contains(RunStatus.Running) ? RunStatus.Running : present;
        if (stages.Contains(RunStatus.Failed)) return RunStatus.Failed;
        return RunStatus.Canceled;
    }

    /// <summary>A teardown that left something behind has not succeeded, whatever its runner thinks.</summary>
    public static RunResult Checked(Stage stage, RunResult result)
    {
        if (stage != Stage.Teardown || result.Status != RunStatus.Succeeded || result.Receipt.Left == 0) return result;
        return result with
        {
            Status = RunStatus.Failed,
            Failure = new Failure(
                result.Receipt.Left is { } left ? $"{left} objects of the environment are still on the engine." : "The engine was not asked what is left of the environment.",
                Suggestion: "Delete the environment again; what is left is named in the log."),
        };
    }
}
