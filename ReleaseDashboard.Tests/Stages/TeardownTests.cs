using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class TeardownTests : IDisposable
{
    private readonly StageBench _bench = new();

    [Fact]
    public async Task Teardown_Environment_RunsItsJobsThenLeavesNothing()
    {
        await _bench.SetUpAsync();
        _bench.Engine.Calls.Clear();
        var result = await _bench.RunAsync(Stage.Teardown);
        Assert.Equal((RunStatus.Succeeded, 0), (result.Status, result.Receipt.Left!.Value));
        Assert.Equal(1, _bench.Started("migrate"));
        Assert.Equal("remove-environment ted1", _bench.Engine.Calls.Last());
        Assert.Null(_bench.Routes.Find(Wanted.WebRoute.Hostname));
        Assert.All(["instance", "volume", "network", "route"], kind => Assert.Contains(result.Receipt.Items, i => i.Kind == kind && i.Action == ReceiptAction.Removed));
        await CheckEmptyAsync();
        Assert.Equal([StageBench.Id], _bench.OutputsDeleted);
    }

    [Theory]
    [InlineData(null, "The engine did not say what is left of ted1.")]
    [InlineData(2, "2 objects of ted1 are still on the engine.")]
    public async Task Teardown_NotKnownToBeEmpty_FailsAndKeepsTheOutput(int? left, string said)
    {
        await _bench.SetUpAsync();
        _bench.Left = left;
        var result = await _bench.RunAsync(Stage.Teardown);
        Assert.Equal((RunStatus.Failed, said, left), (result.Status, result.Failure!.Summary, result.Receipt.Left));
        Assert.Empty(_bench.OutputsDeleted);
    }

    [Fact]
    public async Task Teardown_FailingJob_IsRecordedAndStopsNothing()
    {
        await _bench.SetUpAsync();
        _bench.Engine.Jobs["migrate"] = new FakeJobScript { ExitCode = 1 };
        var journal = _bench.Journal();
        var result = await _bench.RunAsync(_bench.NewRun(Stage.Teardown), journal, TestContext.Current.CancellationToken);
        Assert.Equal((RunStatus.Succeeded, 0), (result.Status, result.Receipt.Left!.Value));
        Assert.StartsWith("Completed with errors: jobs.migrate ended with exit code 1", result.Failure!.Summary);
        Assert.Equal([RunStatus.Failed, RunStatus.Succeeded], journal.Steps.Select(s => s.Status));
        await CheckEmptyAsync();
    }

    [Fact]
    public async Task Teardown_SetupNeverSucceeded_RemovesWhatItLeft()
    {
        _bench.Engine.Services["web"] = new FakeServiceScript { Failure = new Failure("never ready") };
        Assert.Equal(RunStatus.Failed, (await _bench.RunAsync(Stage.Setup)).Status);
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(Stage.Teardown)).Status);
        await CheckEmptyAsync();
    }

    [Fact]
    public async Task Teardown_BrokenTemplate_RemovesAllTheSame()
    {
        await _bench.SetUpAsync();
        _bench.Desired = new Refusal("template_invalid", "The template has an error.");
        var run = _bench.NewRun(Stage.Teardown);
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(run, _bench.Journal(), TestContext.Current.CancellationToken)).Status);
        Assert.Contains("own tasks are left out: The template has an error.", _bench.Text(run));
        await CheckEmptyAsync();
    }

    [Fact]
    public async Task Teardown_EverythingGoneAlready_SucceedsWithNothingLeft()
    {
        await _bench.SetUpAsync();
        await _bench.Engine.RemoveEnvironmentAsync(StageBench.Id, Quiet.Instance, TestContext.Current.CancellationToken);
        var result = await _bench.RunAsync(Stage.Teardown);
        Assert.Equal((RunStatus.Succeeded, 0), (result.Status, result.Receipt.Left!.Value));
        await CheckEmptyAsync();
    }

    [Fact]
    public async Task Pause_ThenSetup_StopsAndStartsTheSameInstances()
    {
        await _bench.SetUpAsync();
        var before = (await _bench.InstancesAsync()).Select(i => i.Id).Order().ToList();
        Assert.Equal(RunStatus.Succeeded, (await _bench.RunAsync(Stage.Pause)).Status);
        Assert.All(await _bench.InstancesAsync(), i => Assert.Equal(InstanceStatus.Exited, i.Status));
        Assert.Empty(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints);
        await _bench.SetUpAsync();
        Assert.Equal(before, (await _bench.InstancesAsync()).Select(i => i.Id).Order());
        Assert.Single(_bench.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints);
    }

    [Fact]
    public async Task Pause_WithASavedConfiguration_SaysThatResumeAppliesIt()
    {
        await _bench.SetUpAsync();
        var unchanged = _bench.NewRun(Stage.Pause);
        await _bench.RunAsync(unchanged, _bench.Journal(), TestContext.Current.CancellationToken);
        Assert.EndsWith("Resume starts the instances again.", _bench.Text(unchanged), StringComparison.Ordinal);

        _bench.Records.Change(StageBench.Id, e => e with { Applied = new ConfigurationVersion(1, 3), Saved = new ConfigurationVersion(1, 4) });
        var pause = _bench.NewRun(Stage.Pause);
        await _bench.RunAsync(pause, _bench.Journal(), TestContext.Current.CancellationToken);
        var resume = _bench.NewRun(Stage.Setup);
        await _bench.RunAsync(resume, _bench.Journal(), TestContext.Current.CancellationToken);

        const string said = "Resume runs setup, which applies configuration v1.4 (saved) over v1.3 (applied)";
        Assert.Contains(said, _bench.Text(pause), StringComparison.Ordinal);
        Assert.Contains(said, _bench.Text(resume), StringComparison.Ordinal);
        Assert.DoesNotContain(said, await TextOfNextSetupAsync(), StringComparison.Ordinal);
    }

    private async Task<string> TextOfNextSetupAsync()
    {
        var run = _bench.NewRun(Stage.Setup);
        await _bench.RunAsync(run, _bench.Journal(), TestContext.Current.CancellationToken);
        return _bench.Text(run);
    }

    private async Task CheckEmptyAsync() => Assert.True((await _bench.Engine.ObserveAsync(StageBench.Id, TestContext.Current.CancellationToken)).IsEmpty);

    public void Dispose() => _bench.Dispose();

    private sealed class Quiet : Core.Engines.IEngineOutput
    {
        public static readonly Quiet Instance = new();

        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
