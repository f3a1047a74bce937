using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>Spells <c>services.all</c> out.</summary>
internal static class WorkflowExpander
{
    public static IReadOnlyList<Workflow> Expand(ApplicationTemplate template)
    {
        var all = template.Services.Select(s => $"services.{s.Name}").ToList();
        return [.. template.Workflows.Select(w => w with { Steps = [.. w.Steps.Select(s => Step(s, all)).Where(s => s.Tasks.Count > 0)] })];
    }

    private static WorkflowStep Step(WorkflowStep step, List<string> all) =>
        step.Tasks.Contains("services.all")
            ? step with { Tasks = [.. step.Tasks.SelectMany(t => t == "services.all" ? all : [t]).Distinct()] }
            : step;
}
