using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>A plan, and what is wrong with a template, in lines a person reads. Pure.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(Run run, LoadedState loaded, Plan plan)
    {
        var commit = loaded.Desired.Scope.Commit;
        yield return $"{Title(run)} of {loaded.Environment.Id} ({run.Application}) at {commit[..Math.Min(7, commit.Length)]}, configuration {loaded.Version}{(run.Attempt > 1 ? $", attempt {run.Attempt}" : "")}";
        foreach (var warning in loaded.Warnings) yield return $"warning: {Describe(warning)}";
        if (plan.IsEmpty) yield return "Plan: nothing to change";
        else yield return $"Plan: {Count(plan.Actions.Count(a => a.Kind != PlanActionKind.KeepService))}";
        foreach (var action in plan.Actions) yield return $"  {Verb(action.Kind)} {action.Subject}{(action.Reason.Length == 0 ? "" : $": {action.Reason}")}";
    }

    public static string Describe(TemplateDiagnostic diagnostic) =>
        $"line {diagnostic.Line}, column {diagnostic.Column}{(diagnostic.Path.Length == 0 ? "" : $", {diagnostic.Path}")}: {diagnostic.Message}" +
        (diagnostic.Suggestion is { } suggestion ? $" (did you mean {suggestion}?)" : "");

    public static Failure Failure(Refusal refusal) => new(
        refusal.Message,
        refusal.Diagnostics is { Count: > 0 } diagnostics ? string.Join('\n', diagnostics.Where(d => !d.IsWarning).Select(Describe)) : null,
        refusal.Code == "template_invalid" ? "Correct the configuration and run setup." : null);

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
