using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>
/// Decides what a stage will do. Pure: the same input gives the same plan, which is also the preview. Setup makes what is missing, repairs what
/// differs, keeps what is right and removes services that left the configuration. Patch and custom workflows touch only what their workflow names and
/// never make a space, a volume or a route. Teardown ends with the removal of everything.
/// </summary>
public static class Planner
{
    public const string Prepare = "prepare";
    public const string Finish = "finish";
    public const string Environment = "environment";
    private const string RemoveTask = "release.remove_environment";

    /// <param name="workflow">Name of the custom workflow for <see cref="Stage.Workflow"/>; an unknown one gives an empty plan.</param>
    /// <exception cref="ArgumentException">For <see cref="Stage.Build"/>, which changes no environment.</exception>
    public static Plan Plan(DesiredState desired, ObservedState observed, AppliedState applied, Stage stage, string? workflow = null) => stage switch
    {
        Stage.Setup => Setup(desired, observed, applied),
        Stage.Patch => Named(desired, observed, applied, stage, "patch"),
        Stage.Workflow => Named(desired, observed, applied, stage, workflow ?? ""),
        Stage.Teardown => Teardown(desired, observed, applied),
        Stage.Pause => Pause(observed),
        _ => throw new ArgumentException($"The stage {stage} has no plan.", nameof(stage)),
    };

    /// <summary>The removal of an environment whose configuration cannot be resolved any more (no build, broken template): everything goes, no task runs.</summary>
    public static Plan RemoveOnly(string environment, string reason) => new(Stage.Teardown, [Removal(environment, reason)], [RemovalStep]);

    private static WorkflowStep RemovalStep => new("remove-environment", [RemoveTask], HaltOnError: false, WaitForFinish: true);

    private static Plan Setup(DesiredState desired, ObservedState observed, AppliedState applied)
    {
        var actions = new List<PlanAction>();
        if (!observed.HasSpace) actions.Add(new PlanAction(PlanActionKind.CreateSpace, Prepare, Environment, desired.Scope.Environment, "the environment has no network yet"));
        actions.AddRange(desired.Volumes
            .Where(v => !observed.Volumes.Contains(v.Name))
            .Select(v => new PlanAction(PlanActionKind.CreateVolume, Prepare, Environment, v.Name, "the volume does not exist")));

        var steps = Steps(desired, "setup");
        actions.AddRange(Tasks(steps, desired, observed, applied));
        actions.AddRange(Routes(desired, applied));
        actions.AddRange(Departed(desired, observed));
        return new Plan(Stage.Setup, actions, steps);
    }

    private static Plan Named(DesiredState desired, ObservedState observed, AppliedState applied, Stage stage, string workflow)
    {
        var steps = Steps(desired, workflow);
        return new Plan(stage, [.. Tasks(steps, desired, observed, applied)], steps);
    }

    private static Plan Teardown(DesiredState desired, ObservedState observed, AppliedState applied)
    {
        // Without its network nothing of the environment can run: it was never set up, or was removed already.
        if (!observed.HasSpace) return RemoveOnly(desired.Scope.Environment, observed.IsEmpty ? "nothing was ever made, or it is gone already" : "everything the environment made goes");
        var steps = Steps(desired, "teardown").TakeWhile(s => !s.Tasks.Contains(RemoveTask)).ToList();
        var actions = Tasks(steps, desired, observed, applied).ToList();
        actions.Add(Removal(desired.Scope.Environment, "everything the environment made goes"));
        return new Plan(Stage.Teardown, actions, [.. steps, RemovalStep]);
    }

    private static Plan Pause(ObservedState observed)
    {
        var running = observed.Instances.Where(i => i.Status != InstanceStatus.Exited).GroupBy(i => i.Service).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var actions = running.Select(g => new PlanAction(PlanActionKind.StopService, "pause", $"services.{g.Key}", g.Key, $"{Words.Count(g.Count(), "instance")} will be stopped; volumes stay"));
        return new Plan(Stage.Pause, [.. actions], running.Count == 0 ? [] : [new WorkflowStep("pause", [.. running.Select(g => $"services.{g.Key}")], HaltOnError: true, WaitForFinish: true)]);
    }

    private static IReadOnlyList<WorkflowStep> Steps(DesiredState desired, string workflow) => desired.Workflows.FirstOrDefault(w => w.Name == workflow)?.Steps ?? [];

    private static IEnumerable<PlanAction> Tasks(IEnumerable<WorkflowStep> steps, DesiredState desired, ObservedState observed, AppliedState applied)
    {
        var planned = new HashSet<string>();
        foreach (var step in steps)
        {
            foreach (var task in step.Tasks)
            {
                if (Subject(task, "services.") is { } name && desired.Services.FirstOrDefault(s => s.Name == name) is { } service)
                {
                    // A service named by several steps is right after the first.
                    if (planned.Add(task)) yield return ServicePlan.Of(service, observed, applied, step.Name, task);
                }
                else if (Subject(task, "jobs.") is { } job && desired.Jobs.Any(j => j.Name == job))
                {
                    yield return new PlanAction(PlanActionKind.RunJob, step.Name, task, job, "the workflow runs this job");
                }
            }
        }
    }

    private static IEnumerable<PlanAction> Routes(DesiredState desired, AppliedState applied)
    {
        var before = applied.Desired?.Routes ?? [];
        foreach (var route in desired.Routes.Where(r => !before.Contains(r)))
            yield return new PlanAction(PlanActionKind.Route, Finish, Environment, route.Hostname, $"leads to {route.Service}, port {route.TargetPort}");
        foreach (var route in before.Where(b => desired.Routes.All(r => r.Hostname != b.Hostname)))
            yield return new PlanAction(PlanActionKind.Route, Finish, Environment, route.Hostname, "is not in the configuration any more and ends");
    }

    /// <summary>Services that run and that the configuration does not have, or that no workflow starts any more.</summary>
    private static IEnumerable<PlanAction> Departed(DesiredState desired, ObservedState observed)
    {
        var started = desired.Workflows.Where(w => w.Name != "teardown").SelectMany(w => w.Steps).SelectMany(s => s.Tasks).ToHashSet();
        foreach (var service in observed.Instances.Select(i => i.Service).Distinct().Order(StringComparer.Ordinal))
        {
            if (desired.Services.All(s => s.Name != service))
                yield return new PlanAction(PlanActionKind.RemoveService, Finish, $"services.{service}", service, "it is not in the configuration any more");
            else if (!started.Contains($"services.{service}"))
                yield return new PlanAction(PlanActionKind.RemoveService, Finish, $"services.{service}", service, "no workflow starts it any more");
        }
    }

    private static PlanAction Removal(string environment, string reason) => new(PlanActionKind.RemoveEnvironment, "remove-environment", RemoveTask, environment, reason);

    private static string? Subject(string task, string prefix) => task.StartsWith(prefix, StringComparison.Ordinal) ? task[prefix.Length..] : null;
}
