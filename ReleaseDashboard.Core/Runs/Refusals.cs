using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Every reason a command is refused for, in one place: the codes are part of the API.</summary>
internal static class Refusals
{
    public static Refusal NotFound(string kind, string name) => new("not_found", $"There is no {kind} '{name}'.");

    public static Refusal Invalid(string message) => new("invalid", message);

    public static Refusal Conflict(string message) => new("conflict", message);

    public static Refusal Removed(string environment) => new("environment_removed", $"Environment {environment} has been removed. Create a new one to go on.");

    public static Refusal TearingDown(string environment) => new("environment_tearing_down", $"Environment {environment} is being removed. Create a new one to go on.");

    public static Refusal SetupRequired(string environment, string what) =>
        new("setup_required", $"Setup has not succeeded on {environment} yet, so {what}. Run setup first, or Deploy, which does it.");

    public static Refusal Paused(string environment) => new("environment_paused", $"Environment {environment} is paused. Resume it first.");

    public static Refusal NotPaused(string environment) => new("not_paused", $"Environment {environment} is not paused, so there is nothing to resume.");

    public static Refusal NotEphemeral(string environment) => new("not_ephemeral", $"Environment {environment} is permanent: it never expires, so there is nothing to extend.");

    public static Refusal EnvironmentsExist(string application, IReadOnlyList<string> environments) =>
        new("environments_exist", $"{application} still has {environments.Count} {(environments.Count == 1 ? "environment" : "environments")} ({string.Join(", ", environments.Take(5))}{(environments.Count > 5 ? ", …" : "")}). Delete {(environments.Count == 1 ? "it" : "them")} first.");

    public static Refusal BuildUnderWay(string application) => new("build_running", $"A build of {application} is under way. Cancel it or wait for it, then delete the application.");

    public static Refusal BuildFailed(long build, RunStatus status) =>
        new("build_failed", $"Build {build} {(status == RunStatus.Failed ? "failed" : "was canceled")}, so it has no images to deploy. Rebuild it first.");

    public static Refusal AlreadyEnded(string what, RunStatus status) => new("already_finished", $"{what} has already ended ({status.Word()}), so there is nothing to cancel.");

    public static Refusal Unreachable(string words) => new("repository_unreachable", words);

    public static Refusal RefNotFound(string application, string reference) =>
        new("ref_not_found", $"The repository of {application} has no branch, tag or commit '{reference}'. Push it first, or choose another.");

    public static Refusal DiskFull(string words) => new("disk_full", words);

    public static Refusal Unavailable(string words) =>
        new("unavailable", $"The data directory could not be read or written ({words.TrimEnd('.')}), so nothing was done. Check its disk and its permissions, then try again.");

    public static Refusal KeyReused() =>
        new("idempotency_key_reused", "This Idempotency-Key was used for a different request. Use a new key for each request; repeat one only with exactly the same request.");

    public static Refusal Template(string what, IReadOnlyList<TemplateDiagnostic> diagnostics)
    {
        var first = diagnostics.First(d => !d.IsWarning);
        return new("template_invalid", $"The {what} has {diagnostics.Count(d => !d.IsWarning)} problem(s). Line {first.Line}, column {first.Column}: {first.Message}", diagnostics);
    }
}
