using System.Globalization;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Shared;

/// <summary>Numbers and states as people say them.</summary>
internal static partial class Words
{
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 950 } => $"{Math.Max(0, time.TotalSeconds):0.0} s",
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0} s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        { TotalHours: < 24 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d {time.Hours} h",
    };

    /// <summary>Binary, as templates count: <c>memory: 256Mi</c> is shown as 256 MiB.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 10 => $"{bytes} B",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB"),
    };

    /// <summary>What a task said, with the digests in it as short as people compare them.</summary>
    public static string? Detail(string? said) => said is null ? null : Digest().Replace(said, "$1…");

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    /// <summary>"2 problems, 1 warning": a warning is not a problem.</summary>
    public static string Problems(IReadOnlyList<TemplateDiagnostic> all)
    {
        var warnings = all.Count(p => p.IsWarning);
        return string.Join(", ", new[] { (Number: all.Count - warnings, Name: "problem"), (Number: warnings, Name: "warning") }.Where(p => p.Number > 0).Select(p => Count(p.Number, p.Name)));
    }

    /// <summary>What is wrong, and once what was probably meant.</summary>
    public static string Problem(TemplateDiagnostic problem) =>
        problem.Suggestion is not { } near || problem.Message.Contains("Did you mean", StringComparison.OrdinalIgnoreCase) ? problem.Message : $"{problem.Message} Did you mean “{near}”?";

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

    [GeneratedRegex("(sha256:[0-9a-f]{12})[0-9a-f]+")]
    private static partial Regex Digest();
}
