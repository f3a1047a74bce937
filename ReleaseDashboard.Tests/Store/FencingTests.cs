using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

/// <summary>A worker that was taken for dead comes back: nothing it writes counts any more.</summary>
public sealed class FencingTests : IDisposable
{
    private const string Id = "ted0001";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly DesiredState Desired = new(new EnvironmentScope(Id, "shop", 1, 1, 1, "late"), [], [], [], [], []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rescue_OfAnExpiredLease_GivesTheRunBackAndRefusesEverythingOfTheOldAttempt()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync(Rows.Environment(Id));
        var run = await host.QueueAsync(Id);
        Assert.Equal(1, (await ClaimAsync(host))!.Attempt);
        Assert.True(await host.Journal.WriteStepsAsync(run.Id, 1, [Step("first")], StoreHost.Token));

        host.Time.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.Empty(await host.Runs.RescueAsync(8, StoreHost.Token));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await host.Recovery.RescueAsync(8, [run.Id], StoreHost.Token));
        Assert.Equal([run.Id], await host.Runs.RescueAsync(8, StoreHost.Token));
        Assert.Equal(RunStatus.Queued, (await host.Records.FindRunAsync(run.Id, StoreHost.Token))!.Status);
        await AllRefusedAsync(host, run.Id, 1);

        Assert.Equal(2, (await ClaimAsync(host))!.Attempt);
        await AllRefusedAsync(host, run.Id, 1);
        Assert.Equal("first", Assert.Single(await host.Journal.ReadStepsAsync(run.Id, StoreHost.Token)).Name);
        Assert.NotEqual("late", (await host.Records.FindEnvironmentAsync(Id, StoreHost.Token))!.Commit);
        Assert.Empty((await host.Records.ReadAppliedAsync(Id, StoreHost.Token)).Services);

        Assert.True(await host.Journal.WriteStepsAsync(run.Id, 2, [Step("second")], StoreHost.Token));
        Assert.True(await host.Runs.FinishAsync(run.Id, 2, RunResult.Succeeded(Receipt.Empty), StoreHost.Token));
        await AllRefusedAsync(host, run.Id, 2);
        Assert.Equal(RunStatus.Succeeded, (await host.Records.FindDeploymentAsync(run.DeploymentId!.Value, StoreHost.Token))!.Status);
    }

    [Fact]
    public async Task Rescue_OfALeaseThatWasRenewed_LeavesTheRunAlone()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var run = await host.QueueAsync(Id);
        await ClaimAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await host.Runs.RenewAsync(run.Id, 1, Lease, StoreHost.Token));
        host.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(await host.Runs.RescueAsync(8, StoreHost.Token));
    }

    [Fact]
    public async Task Rescue_OfARunWhoseWorkerIsLostAgainAndAgain_FailsIt()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync(Rows.Environment(Id));
        var run = await host.QueueAsync(Id);
        for (var lost = 1; lost <= 3; lost++)
        {
            Assert.Equal(lost, (await ClaimAsync(host))!.Attempt);
            host.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal([run.Id], await host.Runs.RescueAsync(3, StoreHost.Token));
        }

        Assert.Null(await ClaimAsync(host));
        var ended = (await host.Records.FindDeploymentAsync(run.DeploymentId!.Value, StoreHost.Token))!;
        Assert.Equal((RunStatus.Failed, "The worker was lost 3 times while it carried out this run."), (ended.Status, ended.Failure!.Summary));
        Assert.Equal(EnvironmentPhase.Ready, (await host.Records.FindEnvironmentAsync(Id, StoreHost.Token))!.Phase);
    }

    private static async Task AllRefusedAsync(StoreHost host, long run, int attempt)
    {
        Assert.False(await host.Journal.WriteStepsAsync(run, attempt, [Step("late")], StoreHost.Token));
        Assert.False(await host.Journal.WriteWaitingAsync(run, attempt, "late", StoreHost.Token));
        Assert.False(await host.Journal.WriteBuildProgressAsync(run, attempt, [], StoreHost.Token));
        Assert.False(await host.Journal.WriteBuildImagesAsync(run, attempt, [], StoreHost.Token));
        Assert.False(await host.Journal.WriteServiceAppliedAsync(run, attempt, "web", "late", StoreHost.Token));
        Assert.False(await host.Journal.WriteAppliedAsync(run, attempt, Desired, new ConfigurationVersion(9, 9), StoreHost.Token));
        Assert.False(await host.Runs.RenewAsync(run, attempt, Lease, StoreHost.Token));
        Assert.False(await host.Runs.ReleaseAsync(run, attempt, "late", null, StoreHost.Token));
        Assert.False(await host.Runs.FinishAsync(run, attempt, RunResult.Failed(new Failure("late")), StoreHost.Token));
    }

    private static RunStep Step(string name) => new(name, RunStatus.Running, []);

    private static Task<Run?> ClaimAsync(StoreHost host) => host.Runs.ClaimAsync("w", Lease, StoreHost.Token);
}
