using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using Xunit;
using static ReleaseDashboard.Tests.Planning.World;

namespace ReleaseDashboard.Tests.Planning;

public sealed class DriftAndHealthTests
{
    [Fact]
    public void Drift_OfWhatIsAsApplied_IsEmpty()
    {
        var desired = Desired([Service("web", replicas: 2)], volumes: ["data"]);

        Assert.Empty(Drift.Find(Applied(desired), Observed([Instance("web"), Instance("web", number: 2)], true, "data", "other")));
        Assert.Empty(Drift.Find(AppliedState.None("ted1bc4"), Observed([Instance("web")])));
    }

    [Fact]
    public void Drift_EveryDifference_IsASentence()
    {
        var desired = Desired([Service("a", replicas: 2), Service("b"), Service("c"), Service("d"), Service("e")], volumes: ["data"]);

        var drift = Drift.Find(Applied(desired), Observed(
            [Instance("a"), Instance("b", status: InstanceStatus.Exited, exit: 1), Instance("c", "other"), Instance("d"), Instance("d", number: 2), Instance("x")], space: false));

        Assert.Equal(
            [
                ("network", "The environment's network is gone."),
                ("volume", "data: the volume is gone, and its data with it."),
                ("service", "a: 1 of 2 instances is gone."),
                ("service", "b: its instance has stopped (exit code 1)."),
                ("service", "c: 1 instance of another version is there."),
                ("service", "d: 2 instances are there instead of 1."),
                ("service", "e: its instance is gone."),
                ("service", "x: it runs, but it is not part of the applied configuration."),
            ],
            drift.Select(d => (d.Kind, d.Description)));
    }

    public static TheoryData<int, ObservedInstance[], HealthStatus> Services => new()
    {
        { 1, [Instance("web")], HealthStatus.Healthy },
        { 0, [], HealthStatus.Healthy },
        { 1, [], HealthStatus.Missing },
        { 1, [Instance("web", status: InstanceStatus.Exited)], HealthStatus.Missing },
        { 1, [Instance("web", ready: false)], HealthStatus.Progressing },
        { 1, [Instance("web", status: InstanceStatus.Restarting)], HealthStatus.Degraded },
        { 2, [Instance("web")], HealthStatus.Degraded },
        { 2, [Instance("web"), Instance("web", status: InstanceStatus.Exited, number: 2)], HealthStatus.Degraded },
        { 2, [Instance("web"), Instance("web", ready: false, number: 2)], HealthStatus.Progressing },
        { 1, [Instance("web", "old"), Instance("web", ready: false)], HealthStatus.Healthy },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public void Health_OfAService_FollowsFromItsInstances(int replicas, ObservedInstance[] instances, HealthStatus expected) =>
        Assert.Equal(expected, Health.Of(Service("web", replicas: replicas), instances));

    [Fact]
    public void Health_OfAnEnvironment_IsTheWorstOfWhatWasApplied()
    {
        var desired = Desired([Service("web"), Service("db"), Service("never-started")]);
        var applied = new AppliedState("ted1bc4", desired, new Dictionary<string, string> { ["web"] = "h1", ["db"] = "h1" });

        Assert.Equal(HealthStatus.Healthy, Health.Of(applied, Observed([Instance("web"), Instance("db")])));
        Assert.Equal(HealthStatus.Missing, Health.Of(applied, Observed([Instance("web")])));
        Assert.Equal(HealthStatus.Unknown, Health.Of(AppliedState.None("ted1bc4"), Observed([])));
    }
}
