using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>workflows[]</c> in both forms: <c>order_from</c> and <c>parallelize</c>.</summary>
internal sealed class WorkflowReader(References references, DiagnosticBag bag)
{
    public const string RemoveEnvironment = "release.remove_environment";
    private static readonly string[] Active = ["services", "jobs"];
    private static readonly string[] NotYet = ["charts", "infrastructure", "cron_jobs", "builds", "tasks"];

    public IReadOnlyList<Workflow> All(MapReader root)
    {
        var names = new Names("workflow", dns: false);
        var workflows = new List<Workflow>();
        foreach (var entry in root.Entries("workflows", "- { name: setup, parallelize: [{ step: all, tasks: [services.all] }] }"))
        {
            var name = names.Read(entry);
            var steps = Steps(entry, name ?? "");
            entry.Silent("metadata", "description");
            entry.Finish("a workflow");
            if (name is not null) workflows.Add(new Workflow(name, name == "teardown" ? EndingInRemoval(entry, steps) : steps));
        }
        return workflows;
    }

    private IReadOnlyList<WorkflowStep> Steps(MapReader entry, string workflow)
    {
        var ordered = entry.List("order_from", "order_from: [services.all]");
        var parallel = entry.Entries("parallelize", "- { step: web, tasks: [services.web] }").ToList();
        if (entry.Node("order_from") is not null && entry.Node("parallelize") is { } both)
            bag.Error(both, "A workflow has order_from or parallelize, not both.");
        if (entry.At("order_from") is null && entry.At("parallelize") is null)
            bag.Error(entry.Map, "A workflow needs parallelize (steps, each with tasks that run at the same time) or order_from (tasks one after another).");

        if (ordered.Count > 0)
        {
            // Each task of the old form builds on the one before, so a failure ends it; a teardown goes on to remove what is left.
            return [.. ordered.Select(item => (Item: item, Task: Task(item, workflow))).Where(t => t.Task is not null)
                .Select(t => new WorkflowStep(t.Task!, [t.Task!], HaltOnError: workflow != "teardown", WaitForFinish: true))];
        }
        return [.. parallel.Select(step => Step(step, workflow)).OfType<WorkflowStep>()];
    }

    private WorkflowStep? Step(MapReader step, string workflow)
    {
        var name = step.RequiredText("step", "Every step has a name.");
        var tasks = new List<string>();
        foreach (var item in step.List("tasks", "tasks: [services.web]"))
        {
            if (Task(item, workflow) is not { } task) continue;
            if (tasks.Contains(task)) bag.Error(item, $"The task {task} stands in this step a second time.");
            else tasks.Add(task);
        }
        if (step.Node("tasks") is null or YamlList { Items.Count: 0 }) bag.Missing(step.Map, "tasks", "The step has no tasks. Write tasks: [services.web].");
        var result = new WorkflowStep(name ?? "", tasks, step.Flag("halt_on_error") ?? false, step.Flag("wait_for_finish") ?? true);
        step.Silent("metadata");
        step.Finish("a step");
        return tasks.Count == 0 ? null : result;
    }

    /// <summary>Null for a task that does nothing today or is wrong; both are reported.</summary>
    private string? Task(YamlNode item, string workflow)
    {
        if (Values.Text(item, bag) is not { } task) return null;
        if (task == RemoveEnvironment)
        {
            if (workflow == "teardown") return task;
            bag.Error(item, $"{RemoveEnvironment} can only stand in the workflow teardown.");
            return null;
        }

        var dot = task.IndexOf('.', StringComparison.Ordinal);
        var kind = dot < 0 ? task : task[..dot];
        var name = dot < 0 ? "" : task[(dot + 1)..];
        if (NotYet.Contains(kind) && name.Length > 0)
        {
            bag.Warning(item, $"The task {task} is accepted, but it has no effect yet.");
            return null;
        }
        if (!Active.Contains(kind) || name.Length == 0)
        {
            var nearest = Nearest.To(kind, [.. Active, .. NotYet]);
            var suggestion = kind == "release" ? RemoveEnvironment : nearest is null || name.Length == 0 ? null : $"{nearest}.{name}";
            bag.Error(item, $"\"{task}\" is not a task. Tasks are services.<name>, services.all, jobs.<name> and {RemoveEnvironment}.", suggestion);
            return null;
        }
        if (kind == "services" && name == "all") return task;
        references.Use(kind == "services" ? "service" : "job", name, item);
        return kind == "services" && references.Inactive.Contains(name) ? null : task;
    }

    private List<WorkflowStep> EndingInRemoval(MapReader entry, IReadOnlyList<WorkflowStep> steps)
    {
        var own = steps.TakeWhile(s => !s.Tasks.Contains(RemoveEnvironment)).ToList();
        var last = steps.Skip(own.Count).FirstOrDefault();
        if (last is null) bag.Warning(entry.Map, $"The workflow teardown does not end with {RemoveEnvironment}; it is added.");
        else if (own.Count + 1 < steps.Count) bag.Warning(entry.Map, $"Steps after {RemoveEnvironment} have nothing left to work on; they are not run.");
        if (last is { Tasks.Count: > 1 }) own.Add(last with { Tasks = [.. last.Tasks.Where(t => t != RemoveEnvironment)] });
        own.Add(WorkflowGenerator.Removal);
        return own;
    }
}
