using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Shared;

/// <summary>Numbers and states as people say them.</summary>
internal static class Words
{
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 950 } => $"{Math.Max(0, time.TotalSeconds):0.0} s",
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0} s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        { TotalHours: < 24 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d {time.Hours} h",
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0} KB",
        < 1024L * 1024 * 1024 => $"{bytes / (1024.0 * 1024):0.#} MB",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.##} GB",
    };

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    /// <summary>Who or what asked for a run: "pushed", "expired", "asked for by owner (rebuild)".</summary>
    public static string AskedFor(string trigger, string actor) => trigger switch
    {
        "push" => "pushed",
        "expiry" => "expired",
        _ => $"asked for by {actor} ({trigger})",
    };

    /// <summary>The verb of a stage: "setup", "patch"; a custom workflow by its name.</summary>
    public static string Stage(Run run) => run.Stage == Core.Model.Stage.Workflow ? $"workflow {run.Workflow}" : run.Stage.Word();

    /// <summary>The whole state of an environment in one sentence.</summary>
    public static string Sentence(ReleaseEnvironment environment) => environment.Phase switch
    {
        EnvironmentPhase.Ready => $"Ready · {Look.Of(environment.Health).Word.ToLowerInvariant()} · {(environment.Sync == SyncStatus.InSync ? "in sync" : "out of sync")}",
        EnvironmentPhase.Pending => "Pending · waits for its first setup",
        EnvironmentPhase.SettingUp => "Setting up",
        EnvironmentPhase.Patching => "Patching · the running version keeps serving",
        EnvironmentPhase.TearingDown => "Tearing down",
        EnvironmentPhase.Removed => "Removed · nothing is left of it",
        EnvironmentPhase.Paused => "Paused · volumes and configuration are kept",
        EnvironmentPhase.Failed => environment.SetupSucceeded
            ? $"Failed · {Look.Of(environment.Health).Word.ToLowerInvariant()}"
            : "Failed · setup has not succeeded yet",
        _ => environment.Phase.ToString(),
    };
}
