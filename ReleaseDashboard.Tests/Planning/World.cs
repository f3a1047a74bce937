using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Planning;

/// <summary>Small pieces of desired and observed states, and an engine in memory that carries plans out.</summary>
internal static class World
{
    public static DesiredService Service(string name, string hash = "h1", int replicas = 1) =>
        new(name, "image", false, [], [], new Dictionary<string, string>(), [], null, [], [], ResourceTemplate.None, replicas, 10, hash);

    public static DesiredJob Job(string name) => new(name, "image", false, [], [], new Dictionary<string, string>(), [], ResourceTemplate.None, 60, false);

    public static ObservedInstance Instance(string service, string hash = "h1", InstanceStatus status = InstanceStatus.Running, bool ready = true, int? exit = null, int number = 1) =>
        new($"{service}-{hash}-{number}", $"{service}-{number}", service, hash, status, ready, 0, "c", exit, null, []);

    public static WorkflowStep Step(string name, params string[] tasks) => new(name, tasks, false, true);

    public static DesiredState Desired(IEnumerable<DesiredService> services, IEnumerable<Workflow>? workflows = null, IEnumerable<string>? volumes = null, IEnumerable<DesiredRoute>? routes = null, IEnumerable<DesiredJob>? jobs = null)
    {
        var all = services.ToList();
        return new DesiredState(
            new EnvironmentScope("ted1bc4", "shop", 1, 1, 1, "c"),
            [.. (volumes ?? []).Select(v => new DesiredVolume(v, null))],
            all,
            [.. jobs ?? []],
            [.. routes ?? []],
            [.. workflows ??
            [
                new Workflow("setup", [Step("all", [.. all.Select(s => $"services.{s.Name}")])]),
                new Workflow("patch", [Step("all", [.. all.Select(s => $"services.{s.Name}")])]),
                new Workflow("teardown", [Step("remove-environment", "release.remove_environment")]),
            ]]);
    }

    public static ObservedState Observed(IEnumerable<ObservedInstance> instances, bool space = true, params string[] volumes) =>
        new("ted1bc4", "shop", space, volumes, [.. instances], []);

    public static AppliedState Applied(DesiredState desired) => new("ted1bc4", desired, desired.Services.ToDictionary(s => s.Name, s => s.Hash));

    /// <summary>What the engine has after a plan, by the meaning each action has on the engine interface.</summary>
    public static ObservedState Carry(Plan plan, DesiredState desired, ObservedState observed)
    {
        foreach (var action in plan.Actions)
        {
            observed = action.Kind switch
            {
                PlanActionKind.CreateSpace => observed with { HasSpace = true },
                PlanActionKind.CreateVolume => observed with { Volumes = [.. observed.Volumes, action.Subject] },
                PlanActionKind.CreateService or PlanActionKind.ReplaceService or PlanActionKind.ScaleService or PlanActionKind.RepairService => Apply(desired.Services.Single(s => s.Name == action.Subject), observed),
                PlanActionKind.RemoveService => observed with { Instances = [.. observed.Instances.Where(i => i.Service != action.Subject)] },
                PlanActionKind.StopService => observed with { Instances = [.. observed.Instances.Select(i => i.Service == action.Subject ? i with { Status = InstanceStatus.Exited } : i)] },
                PlanActionKind.RemoveEnvironment => ObservedState.Nothing(observed.Environment),
                _ => observed,
            };
        }
        return observed;
    }

    private static ObservedState Apply(DesiredService service, ObservedState observed)
    {
        var kept = observed.Instances.Where(i => i.Service == service.Name && i.Hash == service.Hash).Take(service.Replicas).Select(i => i with { Status = InstanceStatus.Running, Ready = true }).ToList();
        var added = Enumerable.Range(1, service.Replicas - kept.Count).Select(n => Instance(service.Name, service.Hash, number: 1000 + n));
        return observed with { Instances = [.. observed.Instances.Where(i => i.Service != service.Name), .. kept, .. added] };
    }
}
