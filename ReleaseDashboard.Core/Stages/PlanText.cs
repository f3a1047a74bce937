using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>A plan, and what is wrong with a template, in lines a person reads. Pure.</summary>
internal static class PlanText
{
    /// <param name="resumes">The run wakes an environment that was paused.</param>
    public static IEnumerable<string> Lines(Run run, LoadedState loaded, Plan plan, bool resumes = false)
    {
        var commit = loaded.Desired.Scope.Commit;
        yield return $"{Title(run)} of {loaded.Environment.Id} ({run.Application}) at {commit[..Math.Min(7, commit.Length)]}, configuration {loaded.Version}{(run.Attempt > 1 ? $", attempt {run.Attempt}" : "")}";
        if (run.Stage == Stage.Setup && Pending(loaded.Environment.Applied, loaded.Version) is { } pending) yield return $"{(resumes ? "Resume" : "This deployment")} {pending}";
        foreach (var warning in loaded.Warnings) yield return $"warning: {Describe(warning)}";
        if (plan.IsEmpty) yield return "Plan: nothing to change";
        else yield return $"Plan: {Count(plan.Actions.Count(a => a.Kind != PlanActionKind.KeepService))}";
        foreach (var action in plan.Actions) yield return $"  {Verb(action.Kind)} {action.Subject}{(action.Reason.Length == 0 ? "" : $": {action.Reason}")}";
    }

    /// <summary>What a setup brings besides what runs; null when nothing was saved since the last one.</summary>
    public static string? Pending(ConfigurationVersion? applied, ConfigurationVersion saved) =>
        applied is null || applied == saved ? null : $"runs setup, which applies configuration {saved} (saved) over {applied} (applied)";

    public static string Describe(TemplateDiagnostic diagnostic) =>
        $"{Place(diagnostic)}: {diagnostic.Message}" +
        (diagnostic.Suggestion is { } suggestion ? $" (did you mean {suggestion}?)" : "");

    public static Failure Failure(Refusal refusal)
    {
        // The first error stands in the message already.
        var others = (refusal.Diagnostics ?? []).Where(d => !d.IsWarning).Select(Describe).Where(d => !refusal.Message.EndsWith(d, StringComparison.Ordinal)).ToList();
        return new(
            refusal.Message,
            others.Count == 0 ? null : string.Join('\n', others),
            refusal.Code == "template_invalid" ? "Correct the configuration and run setup." : null);
    }

    /// <summary>The first character of a text is where problems stand that have only a path.</summary>
    private static string Place(TemplateDiagnostic diagnostic) => diagnostic switch
    {
        { Line: 1, Column: 1, Path.Length: > 0 } => diagnostic.Path,
        { Path.Length: 0 } => $"line {diagnostic.Line}, column {diagnostic.Column}",
        _ => $"line {diagnostic.Line}, column {diagnostic.Column}, {diagnostic.Path}",
    };

    private static string Title(Run run) => run.Stage == Stage.Workflow ? $"Workflow {run.Workflow}" : run.Stage.ToString();

    private static string Count(int actions) => actions == 1 ? "1 action" : $"{actions} actions";

    private static string Verb(PlanActionKind kind) => kind switch
    {
        PlanActionKind.CreateSpace => "create network",
        PlanActionKind.CreateVolume => "create volume",
        PlanActionKind.CreateService => "start service",
        PlanActionKind.ReplaceService => "replace service",
        PlanActionKind.ScaleService => "scale service",
        PlanActionKind.RepairService => "repair service",
        PlanActionKind.KeepService => "keep service",
        PlanActionKind.RemoveService => "remove service",
        PlanActionKind.RunJob => "run job",
        PlanActionKind.Route => "route",
        PlanActionKind.StopService => "stop service",
        PlanActionKind.RemoveEnvironment => "remove environment",
        _ => kind.Word(),
    };
}
