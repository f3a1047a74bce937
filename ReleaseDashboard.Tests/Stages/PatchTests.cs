using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class PatchTests : IDisposable
{
    private readonly StageBench _bench = new();

    [Fact]
    public async Task Patch_ChangedService_SwapsThatOneOnly()
    {
        await _bench.SetUpAsync();
        var db = Assert.Single(await _bench.InstancesAsync("db"));
        var web = Assert.Single(await _bench.InstancesAsync("web"));
        // The database changes too, but the patch workflow does not name it.
        _bench.Desired = Wanted.Shop(web: "web-2", db: "db-2");
        var result = await _bench.RunAsync(Stage.Patch);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(db.Id, Assert.Single(await _bench.InstancesAsync("db")).Id);
        var swapped = Assert.Single(await _bench.InstancesAsync("web"));
        Assert.NotEqual(web.Id, swapped.Id);
        Assert.Equal(swapped.Id, Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints).InstanceId);
        var applied = _bench.Records.Applied(StageBench.Id);
        Assert.Equal(("web-2", "db-1"), (applied.Services["web"], applied.Services["db"]));
        Assert.Equal("db-1", applied.Desired!.Services.Single(s => s.Name == "db").Hash);
    }

    [Fact]
    public async Task Patch_NothingChanged_KeepsAndStillRunsJobs()
    {
        await _bench.SetUpAsync();
        _bench.Engine.Calls.Clear();
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(Stage.Patch)).Status);
        Assert.DoesNotContain(_bench.Engine.Calls, c => c.StartsWith("apply", StringComparison.Ordinal));
        Assert.Equal(1, _bench.Started("migrate"));
    }

    [Fact]
    public async Task Patch_BeforeSetup_IsRefusedAndTouchesNothing()
    {
        var result = await _bench.RunAsync(Stage.Patch);
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("Run setup first.", result.Failure!.Suggestion);
        Assert.Empty(_bench.Engine.Calls);
    }

    [Fact]
    public async Task Patch_VolumeGone_IsRefusedInsteadOfMakingAnEmptyOne()
    {
        await _bench.SetUpAsync();
        _bench.Desired = Wanted.Shop(web: "web-2") with { Volumes = [new DesiredVolume("data", null), new DesiredVolume("lost", null)] };
        _bench.Engine.Calls.Clear();
        var result = await _bench.RunAsync(Stage.Patch);
        Assert.Contains("The volume lost of ted1 is gone", result.Failure!.Summary);
        Assert.Empty(_bench.Engine.Calls);
    }

    [Fact]
    public async Task Patch_NeverReady_KeepsTheOldOneServing()
    {
        await _bench.SetUpAsync();
        var old = Assert.Single(await _bench.InstancesAsync("web"));
        _bench.Desired = Wanted.Shop(web: "web-2");
        _bench.Engine.Services["web"] = new FakeServiceScript { Failure = new Failure("web did not become ready."), Lines = ["boom"] };
        var result = await _bench.RunAsync(Stage.Patch);
        Assert.Equal((RunStatus.Failed, "boom"), (result.Status, result.Failure!.Evidence));
        Assert.Equal(old.Id, Assert.Single(await _bench.InstancesAsync("web")).Id);
        Assert.Equal("web-1", _bench.Records.Applied(StageBench.Id).Services["web"]);
        Assert.Equal(old.Id, Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints).InstanceId);
    }

    [Fact]
    public async Task Patch_RequestUnderWay_IsDrainedBeforeTheOldInstanceStops()
    {
        await _bench.SetUpAsync();
        var target = _bench.Routes.Find(Wanted.WebRoute.Hostname)!;
        var request = _bench.Routes.Enter(target.Endpoints[0]);
        _bench.Desired = Wanted.Shop(web: "web-2");
        var patch = _bench.RunAsync(Stage.Patch);
        await Support.Eventually.TrueAsync(() => _bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints[0] != target.Endpoints[0], "traffic is switched");
        Assert.Contains(await _bench.InstancesAsync("web"), i => i.Id == target.Endpoints[0].InstanceId);
        request.Dispose();
        await patch;
        Assert.DoesNotContain(await _bench.InstancesAsync("web"), i => i.Id == target.Endpoints[0].InstanceId);
    }

    [Fact]
    public async Task Patch_FailedMigration_LeavesOutTheCode()
    {
        await _bench.SetUpAsync();
        var old = Assert.Single(await _bench.InstancesAsync("web"));
        _bench.Desired = Wanted.Shop(web: "web-2");
        _bench.Engine.Jobs["migrate"] = new FakeJobScript { ExitCode = 3, Lines = ["relation exists already"] };
        var run = _bench.NewRun(Stage.Patch);
        var journal = _bench.Journal();
        var result = await _bench.RunAsync(run, journal, TestContext.Current.CancellationToken);
        Assert.StartsWith("jobs.migrate ended with exit code 3 after ", result.Failure!.Summary);
        Assert.Equal("relation exists already", result.Failure.Evidence);
        Assert.Equal([RunStatus.Failed, RunStatus.Canceled], journal.Steps.Select(s => s.Status));
        Assert.Equal(old.Id, Assert.Single(await _bench.InstancesAsync("web")).Id);
        Assert.Contains("halted", _bench.Text(run));
    }

    [Fact]
    public async Task Workflow_Custom_RunsItsJobs()
    {
        await _bench.SetUpAsync();
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(Stage.Workflow, "reindex")).Status);
        Assert.Equal(2, _bench.Started("migrate"));
    }

    [Fact]
    public async Task Workflow_NotInTheAppliedTemplate_IsRefused()
    {
        await _bench.SetUpAsync();
        Assert.Contains("no workflow named other", (await _bench.RunAsync(Stage.Workflow, "other")).Failure!.Summary);
    }

    public void Dispose() => _bench.Dispose();
}
