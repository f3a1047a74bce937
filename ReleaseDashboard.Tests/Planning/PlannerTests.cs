using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using Xunit;
using static ReleaseDashboard.Tests.Planning.World;

namespace ReleaseDashboard.Tests.Planning;

public sealed class PlannerTests
{
    [Fact]
    public void Patch_OfAServiceThatWasBuilt_NamesTheBuildAndNotTheVariablesThatFollowFromIt()
    {
        var before = Service("web") with { Built = true, Image = "web@sha256:1", Environment = new Dictionary<string, string> { ["WEB_REGISTRY_IMAGE_SHA"] = "1" }, Hash = "1" };
        var now = before with { Image = "web@sha256:2", Environment = new Dictionary<string, string> { ["WEB_REGISTRY_IMAGE_SHA"] = "2" }, Hash = "2" };
        Assert.Equal("a new build of it is deployed", Difference.Between(before, now));
        Assert.Equal("build and variables TOKEN changed", Difference.Between(before, now with { Environment = new Dictionary<string, string> { ["TOKEN"] = "x" } }));
    }

    [Fact]
    public void Setup_OfNothing_MakesEverythingInOrder()
    {
        var desired = Desired(
            [Service("db"), Service("web")],
            [new Workflow("setup", [Step("data", "services.db"), Step("migrate", "jobs.migrate"), Step("code", "services.web")])],
            ["db.data"],
            [new DesiredRoute("web.x", "web", 80)],
            [Job("migrate")]);

        var plan = Planner.Plan(desired, ObservedState.Nothing("ted1bc4"), AppliedState.None("ted1bc4"), Stage.Setup);

        Assert.Equal(
            [
                (PlanActionKind.CreateSpace, "prepare", "ted1bc4"), (PlanActionKind.CreateVolume, "prepare", "db.data"), (PlanActionKind.CreateService, "data", "db"),
                (PlanActionKind.RunJob, "migrate", "migrate"), (PlanActionKind.CreateService, "code", "web"), (PlanActionKind.Route, "finish", "web.x"),
            ],
            plan.Actions.Select(a => (a.Kind, a.Step, a.Subject)));
        Assert.Equal(["data", "migrate", "code"], plan.Steps.Select(s => s.Name));
        Assert.False(plan.IsEmpty);
    }

    public static TheoryData<string, int, ObservedInstance[], PlanActionKind, string> Cases => new()
    {
        { "right", 1, [Instance("web")], PlanActionKind.KeepService, "as it should be" },
        { "gone", 1, [], PlanActionKind.CreateService, "no instance is left" },
        { "one of two gone", 2, [Instance("web")], PlanActionKind.RepairService, "1 of 2 instances is gone" },
        { "exited", 1, [Instance("web", status: InstanceStatus.Exited, exit: 137)], PlanActionKind.RepairService, "its instance has stopped (exit code 137: killed)" },
        { "restarting", 2, [Instance("web"), Instance("web", status: InstanceStatus.Restarting, number: 2)], PlanActionKind.RepairService, "1 of 2 instances is restarting" },
        { "not ready", 1, [Instance("web", ready: false)], PlanActionKind.RepairService, "not ready" },
        { "too many", 1, [Instance("web"), Instance("web", number: 2)], PlanActionKind.ScaleService, "2 → 1 instance" },
        { "other version", 1, [Instance("web", "old")], PlanActionKind.ReplaceService, "another version" },
        { "both versions", 1, [Instance("web"), Instance("web", "old")], PlanActionKind.ReplaceService, "1 instance of another version is left" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Setup_Service_IsDecidedByItsInstances(string name, int replicas, ObservedInstance[] instances, PlanActionKind kind, string reason)
    {
        Assert.NotEmpty(name);
        var desired = Desired([Service("web", replicas: replicas)]);

        var action = Assert.Single(Planner.Plan(desired, Observed(instances), Applied(desired), Stage.Setup).Actions);

        Assert.Equal(kind, action.Kind);
        Assert.Contains(reason, action.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Setup_MoreReplicasThanApplied_Scales()
    {
        var plan = Planner.Plan(Desired([Service("web", replicas: 3)]), Observed([Instance("web")]), Applied(Desired([Service("web")])), Stage.Setup);

        Assert.Equal((PlanActionKind.ScaleService, "1 → 3 instances"), (plan.Actions[0].Kind, plan.Actions[0].Reason));
    }

    [Fact]
    public void Setup_ChangedService_SaysWhatChangedAndNoValue()
    {
        var before = Service("web") with { Environment = new Dictionary<string, string> { ["TOKEN"] = "hunter2" } };
        var after = Service("web", "h2") with { Image = "other", Environment = new Dictionary<string, string> { ["TOKEN"] = "hunter3" } };

        var plan = Planner.Plan(Desired([after]), Observed([Instance("web")]), Applied(Desired([before])), Stage.Setup);

        Assert.Equal("image and variables TOKEN changed", plan.Actions[0].Reason);
    }

    [Fact]
    public void Setup_ServiceThatLeft_IsRemovedAtTheEnd()
    {
        var desired = Desired([Service("web"), Service("tool")], [new Workflow("setup", [Step("a", "services.web")])]);

        var plan = Planner.Plan(desired, Observed([Instance("web"), Instance("gone"), Instance("tool")]), Applied(desired), Stage.Setup);

        Assert.Equal(
            [(PlanActionKind.KeepService, "web"), (PlanActionKind.RemoveService, "gone"), (PlanActionKind.RemoveService, "tool")],
            plan.Actions.Select(a => (a.Kind, a.Subject)));
    }

    [Fact]
    public void Patch_TouchesOnlyWhatItsWorkflowNames()
    {
        var desired = Desired(
            [Service("db", "new"), Service("web", "new")],
            [new Workflow("patch", [Step("code", "services.web")])],
            ["missing"],
            [new DesiredRoute("new.x", "web", 80)]);

        var plan = Planner.Plan(desired, Observed([Instance("db"), Instance("web"), Instance("gone")], space: false), AppliedState.None("ted1bc4"), Stage.Patch);

        Assert.Equal([(PlanActionKind.ReplaceService, "web")], plan.Actions.Select(a => (a.Kind, a.Subject)));
    }

    [Fact]
    public void Workflow_RunsTheNamedOne()
    {
        var desired = Desired([Service("web")], [new Workflow("reseed", [Step("seed", "jobs.seed")])], jobs: [Job("seed")]);

        Assert.Equal("seed", Assert.Single(Planner.Plan(desired, Observed([]), AppliedState.None("ted1bc4"), Stage.Workflow, "reseed").Actions).Subject);
        Assert.True(Planner.Plan(desired, Observed([]), AppliedState.None("ted1bc4"), Stage.Workflow, "nope").IsEmpty);
    }

    [Fact]
    public void Teardown_RunsItsTasksThenRemovesEverything()
    {
        var desired = Desired([Service("web")], [new Workflow("teardown", [Step("drop", "jobs.drop"), Step("remove", "release.remove_environment"), Step("late", "jobs.drop")])], jobs: [Job("drop")]);

        var plan = Planner.Plan(desired, Observed([Instance("web")]), Applied(desired), Stage.Teardown);
        var never = Planner.Plan(desired, ObservedState.Nothing("ted1bc4"), AppliedState.None("ted1bc4"), Stage.Teardown);

        Assert.Equal([PlanActionKind.RunJob, PlanActionKind.RemoveEnvironment], plan.Actions.Select(a => a.Kind));
        Assert.Equal(["drop", "remove-environment"], plan.Steps.Select(s => s.Name));
        Assert.Equal([PlanActionKind.RemoveEnvironment], never.Actions.Select(a => a.Kind));
    }

    [Fact]
    public void Pause_StopsEveryServiceThatRuns_AndSetupStartsThemAgain()
    {
        var desired = Desired([Service("db"), Service("web")]);
        var running = Observed([Instance("db"), Instance("web")]);

        var pause = Planner.Plan(desired, running, Applied(desired), Stage.Pause);
        var paused = Carry(pause, desired, running);

        Assert.Equal(["db", "web"], pause.Actions.Where(a => a.Kind == PlanActionKind.StopService).Select(a => a.Subject));
        Assert.Empty(Planner.Plan(desired, paused, Applied(desired), Stage.Pause).Actions);
        Assert.All(Planner.Plan(desired, paused, Applied(desired), Stage.Setup).Actions, a => Assert.Equal(PlanActionKind.RepairService, a.Kind));
    }

    [Fact]
    public void Plan_OfABuild_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Planner.Plan(Desired([]), Observed([]), AppliedState.None("ted1bc4"), Stage.Build));
}
