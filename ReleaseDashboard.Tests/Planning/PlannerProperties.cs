using CsCheck;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using Xunit;
using static ReleaseDashboard.Tests.Planning.World;

namespace ReleaseDashboard.Tests.Planning;

/// <summary>What holds for any desired and any observed state.</summary>
public sealed class PlannerProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];
    private static readonly Gen<string> Hash = One("h1", "h2", "h3");

    private static readonly Gen<ObservedInstance> AnyInstance =
        Gen.Select(One(Names), Hash, Gen.Enum<InstanceStatus>(), Gen.Bool, Gen.Int[1, 5], (name, hash, status, ready, number) => Instance(name, hash, status, ready, number: number));

    private static readonly Gen<ObservedState> AnyObserved =
        Gen.Select(AnyInstance.List[0, 8], Gen.Bool, One("v1", "v2", "v3").List[0, 3], (instances, space, volumes) => Observed(instances.DistinctBy(i => i.Id), space, [.. volumes.Distinct()]));

    private static readonly Gen<DesiredState> AnyDesired =
        from services in Gen.Select(One(Names), Hash, Gen.Int[0, 3], (name, hash, replicas) => Service(name, hash, replicas)).List[0, 5]
        from volumes in One("v1", "v2", "v3").List[0, 3]
        from setup in Gen.Shuffle(Names, 0, 5)
        from patch in Gen.Shuffle(Names, 0, 5)
        let all = services.DistinctBy(s => s.Name).ToList()
        select Desired(all, [Named("setup", setup, all), Named("patch", patch, all)], volumes.Distinct(), all.Take(2).Select(s => new DesiredRoute($"{s.Name}.x", s.Name, 80)));

    private static readonly Gen<(DesiredState Desired, ObservedState Observed, AppliedState Applied)> Any =
        Gen.Select(AnyDesired, AnyObserved, AnyDesired, Gen.Bool, (desired, observed, before, first) => (desired, observed, first ? AppliedState.None("ted1bc4") : Applied(before)));

    [Fact]
    public void Setup_CarriedOut_ReachesTheDesiredState() => Any.Sample(t =>
    {
        var plan = Planner.Plan(t.Desired, t.Observed, t.Applied, Stage.Setup);
        var after = Carry(plan, t.Desired, t.Observed);

        Assert.True(after.HasSpace);
        Assert.All(t.Desired.Volumes, v => Assert.Contains(v.Name, after.Volumes));
        Assert.All(t.Observed.Volumes, v => Assert.Contains(v, after.Volumes));
        foreach (var name in Named(t.Desired, "setup"))
        {
            var service = t.Desired.Services.Single(s => s.Name == name);
            var instances = after.Instances.Where(i => i.Service == name).ToList();
            Assert.Equal(service.Replicas, instances.Count);
            Assert.All(instances, i => Assert.Equal((service.Hash, InstanceStatus.Running, true), (i.Hash, i.Status, i.Ready)));
        }
        Assert.All(after.Instances, i => Assert.Contains(i.Service, Named(t.Desired, "setup").Concat(Named(t.Desired, "patch"))));
    });

    [Fact]
    public void Setup_ASecondTime_IsEmptyAndThereIsNoDrift() => Any.Sample(t =>
    {
        var after = Carry(Planner.Plan(t.Desired, t.Observed, t.Applied, Stage.Setup), t.Desired, t.Observed);
        var started = t.Desired.Services.Where(s => Named(t.Desired, "setup").Contains(s.Name)).ToDictionary(s => s.Name, s => s.Hash);
        var applied = new AppliedState("ted1bc4", t.Desired, started);

        Assert.True(Planner.Plan(t.Desired, after, applied, Stage.Setup).IsEmpty);
        Assert.Empty(Drift.Find(applied, after with { Instances = [.. after.Instances.Where(i => started.ContainsKey(i.Service))] }));
        Assert.Equal(started.Count == 0 ? HealthStatus.Unknown : HealthStatus.Healthy, Health.Of(applied, after));
    });

    [Fact]
    public void Setup_InstanceThatIsRight_IsKept() => Any.Sample(t =>
    {
        var plan = Planner.Plan(t.Desired, t.Observed, t.Applied, Stage.Setup);
        foreach (var service in t.Desired.Services.Where(s => Named(t.Desired, "setup").Contains(s.Name)))
        {
            var instances = t.Observed.Instances.Where(i => i.Service == service.Name).ToList();
            var right = instances.Count == service.Replicas && instances.All(i => i is { Status: InstanceStatus.Running, Ready: true } && i.Hash == service.Hash);
            Assert.Equal(right, plan.Actions.Single(a => a.Subject == service.Name && a.Task == $"services.{service.Name}").Kind == PlanActionKind.KeepService);
        }
    });

    [Fact]
    public void Patch_NeverMakesSpaceVolumeOrRoute_AndNamesOnlyItsWorkflowsServices() => Any.Sample(t =>
    {
        var plan = Planner.Plan(t.Desired, t.Observed, t.Applied, Stage.Patch);

        Assert.DoesNotContain(plan.Actions, a => a.Kind is PlanActionKind.CreateSpace or PlanActionKind.CreateVolume or PlanActionKind.Route or PlanActionKind.RemoveService or PlanActionKind.RemoveEnvironment);
        Assert.Equal(Named(t.Desired, "patch").Order(), plan.Actions.Select(a => a.Subject).Order());
        var after = Carry(plan, t.Desired, t.Observed);
        Assert.Equal(
            t.Observed.Instances.Where(i => !Named(t.Desired, "patch").Contains(i.Service)).Select(i => i.Id).Order(),
            after.Instances.Where(i => !Named(t.Desired, "patch").Contains(i.Service)).Select(i => i.Id).Order());
    });

    [Fact]
    public void Teardown_LeavesNothing() => Any.Sample(t =>
    {
        var plan = Planner.Plan(t.Desired, t.Observed, t.Applied, Stage.Teardown);

        Assert.Equal(PlanActionKind.RemoveEnvironment, plan.Actions[^1].Kind);
        Assert.True(Carry(plan, t.Desired, t.Observed).IsEmpty);
    });

    private static Gen<string> One(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Workflow Named(string workflow, string[] names, List<DesiredService> services) =>
        new(workflow, [.. names.Where(n => services.Any(s => s.Name == n)).Select(n => Step($"step-{n}", $"services.{n}"))]);

    private static List<string> Named(DesiredState desired, string workflow) =>
        [.. desired.Workflows.Single(w => w.Name == workflow).Steps.SelectMany(s => s.Tasks).Select(t => t["services.".Length..])];
}
