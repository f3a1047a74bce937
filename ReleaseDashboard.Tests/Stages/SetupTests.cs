using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class SetupTests : IDisposable
{
    private readonly StageBench _bench = new();

    [Fact]
    public async Task Setup_FromNothing_MakesEverythingAndServesIt()
    {
        var run = _bench.NewRun(Stage.Setup);
        var journal = _bench.Journal();
        var result = await _bench.RunAsync(run, journal, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(["db", "web"], (await _bench.InstancesAsync()).Select(i => i.Service).Order());
        Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints);
        Assert.Equal(new ConfigurationVersion(1, 2), journal.AppliedVersion);
        Assert.Equal(["prepare", "data", "migrate", "code"], journal.Steps.Select(s => s.Name));
        Assert.All(journal.Steps, s => Assert.Equal(RunStatus.Succeeded, s.Status));
        Assert.All(["network", "volume", "service", "job", "route"], kind => Assert.Contains(result.Receipt.Items, i => i.Kind == kind));
        Assert.Contains(StageBench.Id, _bench.Touched);
        var text = _bench.Text(run);
        Assert.Contains("Setup of ted1 (shop) at c0ffee0, configuration v1.2", text);
        Assert.Contains("jobs.migrate ended with exit code 0 after ", text);
        Assert.Contains("web: 1 of 1 ready, traffic switched", text);
    }

    [Fact]
    public async Task Setup_HostnameOfAnotherEnvironment_FailsBeforeAnythingIsMade()
    {
        _bench.Routes.Set("ted2", [Wanted.WebRoute with { Hostname = Wanted.WebRoute.Hostname.ToUpperInvariant() }], []);
        var result = await _bench.RunAsync(Stage.Setup);
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("is already used by ted2. Put ${env_id} into it or delete that environment.", result.Failure!.Summary, StringComparison.Ordinal);
        Assert.True((await _bench.Engine.ObserveAsync(StageBench.Id, TestContext.Current.CancellationToken)).IsEmpty);
        _bench.Routes.Remove("ted2");
        await _bench.SetUpAsync();
    }

    [Fact]
    public async Task Setup_EachTask_KnowsItsLines()
    {
        var run = _bench.NewRun(Stage.Setup);
        var journal = _bench.Journal();
        await _bench.RunAsync(run, journal, TestContext.Current.CancellationToken);
        var lines = _bench.Logs.Lines(run.LogId);
        foreach (var task in journal.Steps.SelectMany(s => s.Tasks))
        {
            var own = lines.Where(l => l.Task == task.Name).Select(l => l.Number).ToList();
            Assert.Equal((own[0], own[^1]), (task.FirstLine, task.LastLine));
        }
    }

    [Fact]
    public async Task Setup_Again_KeepsWhatIsRight()
    {
        await _bench.SetUpAsync();
        var before = await _bench.InstancesAsync();
        _bench.Engine.Calls.Clear();
        var result = await _bench.RunAsync(Stage.Setup);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Equal(before.Select(i => i.Id), (await _bench.InstancesAsync()).Select(i => i.Id));
        Assert.DoesNotContain(_bench.Engine.Calls, c => c.StartsWith("apply", StringComparison.Ordinal) || c.StartsWith("space", StringComparison.Ordinal) || c.StartsWith("volume", StringComparison.Ordinal));
        Assert.Contains(new ReceiptItem(ReceiptAction.Kept, "service", "web"), result.Receipt.Items);
    }

    [Fact]
    public async Task Setup_AfterAnInstanceWasRemoved_RepairsItAndLeavesTheOthers()
    {
        await _bench.SetUpAsync();
        var db = Assert.Single(await _bench.InstancesAsync("db"));
        var web = Assert.Single(await _bench.InstancesAsync("web"));
        _bench.Engine.Remove(web.Id);
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(Stage.Setup)).Status);
        var repaired = Assert.Single(await _bench.InstancesAsync("web"));
        Assert.NotEqual(web.Id, repaired.Id);
        Assert.Equal(db.Id, Assert.Single(await _bench.InstancesAsync("db")).Id);
        Assert.Equal(repaired.Id, Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints).InstanceId);
    }

    [Fact]
    public async Task Setup_ServiceNoLongerInTheTemplate_IsRemovedAtTheEnd()
    {
        await _bench.SetUpAsync();
        var state = Wanted.Shop();
        _bench.Desired = (state with { Services = [state.Services[0]] }).With("setup", Wanted.Step("code", ["services.web"]));
        var result = await _bench.RunAsync(Stage.Setup);
        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Empty(await _bench.InstancesAsync("db"));
        Assert.Contains(result.Receipt.Items, i => i is { Action: ReceiptAction.Removed, Kind: "service", Name: "db" });
    }

    [Fact]
    public async Task Setup_ServiceNeverReady_FailsWithItsLastLinesAndKeepsTheOldOne()
    {
        await _bench.SetUpAsync();
        var old = Assert.Single(await _bench.InstancesAsync("web"));
        _bench.Desired = Wanted.Shop(web: "web-2");
        _bench.Engine.Services["web"] = new FakeServiceScript { Failure = new Failure("web did not become ready within 10 s."), Lines = ["cannot find config"] };
        var run = _bench.NewRun(Stage.Setup);
        var journal = _bench.Journal();
        var result = await _bench.RunAsync(run, journal, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("cannot find config", result.Failure!.Evidence);
        Assert.Equal("cannot find config", _bench.Logs.Lines(run.LogId)[(int)result.Failure.Line!.Value - 1].Text);
        Assert.Equal(old.Id, Assert.Single(await _bench.InstancesAsync("web")).Id);
        Assert.Equal("web-1", _bench.Records.Applied(StageBench.Id).Services["web"]);
        Assert.Equal(old.Id, Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints).InstanceId);
        Assert.Null(journal.AppliedVersion);
    }

    [Fact]
    public async Task Setup_RefusedConfiguration_FailsWithLinesAndDoesNothing()
    {
        _bench.Desired = new Refusal("template_invalid", "The template has an error.", [new TemplateDiagnostic(4, 3, "services[0]", "Unknown key imagee.", "image")]);
        var result = await _bench.RunAsync(Stage.Setup);
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("line 4, column 3, services[0]: Unknown key imagee. (did you mean image?)", result.Failure!.Evidence);
        Assert.Empty(await _bench.InstancesAsync());
    }

    [Fact]
    public async Task Setup_NewHostname_IsServedAfterwardsAndTheOldOneUntilThen()
    {
        await _bench.SetUpAsync();
        var renamed = new DesiredRoute("new-ted1.apps.localhost", "web", 80);
        var hold = new TaskCompletionSource();
        _bench.Desired = Wanted.Shop() with { Routes = [renamed] };
        _bench.Engine.Jobs["migrate"] = new FakeJobScript { Finish = hold.Task };
        var setup = _bench.RunAsync(Stage.Setup);
        await _bench.CalledAsync("start-job ted1/migrate 42");
        Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints);
        hold.SetResult();
        await setup;
        Assert.Null(_bench.Routes.Find(Wanted.WebRoute.Hostname));
        Assert.Single(_bench.Routes.Find(renamed.Hostname)!.Endpoints);
    }

    [Fact]
    public async Task Setup_EngineAway_PassesTheExceptionOnAndGoesOnLater()
    {
        var run = _bench.NewRun(Stage.Setup);
        var journal = _bench.Journal();
        var hold = new TaskCompletionSource();
        _bench.Engine.Services["db"] = new FakeServiceScript { Ready = hold.Task };
        var setup = _bench.RunAsync(run, journal, TestContext.Current.CancellationToken);
        await _bench.CalledAsync("apply ted1/db");
        _bench.Engine.Away = true;
        await Assert.ThrowsAsync<Core.Engines.EngineUnavailableException>(() => setup);
        _bench.Engine.Away = false;
        hold.SetResult();
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(run, journal, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(2, (await _bench.InstancesAsync()).Count);
        Assert.Equal(1, _bench.Started("migrate"));
    }

    public void Dispose() => _bench.Dispose();
}
