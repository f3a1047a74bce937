using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class CancelTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly TaskCompletionSource _hold = new();
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public CancelTests() => _bench.Engine.Jobs["migrate"] = new FakeJobScript { Finish = _hold.Task };

    [Fact]
    public async Task Cancel_AskedForWhileAJobRuns_RemovesItAndReturnsCanceledWithAReceipt()
    {
        var (run, journal, setup) = await StartAsync();
        _bench.Records.Runs[run.Id] = run with { CancelRequested = true };
        await _cancel.CancelAsync();
        var result = await setup;
        Assert.Equal(RunStatus.Canceled, result.Status);
        Assert.Contains(result.Receipt.Items, i => i is { Kind: "service", Name: "db" });
        Assert.Empty((await _bench.Engine.ObserveAsync(StageBench.Id, TestContext.Current.CancellationToken)).Jobs);
        Assert.Equal([RunStatus.Succeeded, RunStatus.Succeeded, RunStatus.Canceled, RunStatus.Canceled], journal.Steps.Select(s => s.Status));
        Assert.Contains("Canceled on request", _bench.Text(run));
    }

    [Fact]
    public async Task Stop_NobodyAskedToCancel_LeavesTheJobRunningForTheNextAttempt()
    {
        var (run, journal, setup) = await StartAsync();
        await _cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setup);
        Assert.True(Assert.Single((await _bench.Engine.ObserveAsync(StageBench.Id, TestContext.Current.CancellationToken)).Jobs).Running);

        var next = _bench.RunAsync(run with { Attempt = 2 }, journal, TestContext.Current.CancellationToken);
        _hold.SetResult();
        Assert.Equal(RunStatus.Succeeded, (await next).Status);
        Assert.Equal(1, _bench.Started("migrate"));
    }

    private async Task<(Run Run, MemoryJournal Journal, Task<RunResult> Setup)> StartAsync()
    {
        var (run, journal) = (_bench.NewRun(Stage.Setup), _bench.Journal());
        var setup = _bench.RunAsync(run, journal, _cancel.Token);
        await _bench.CalledAsync("start-job ted1/migrate");
        return (run, journal, setup);
    }

    public void Dispose()
    {
        _cancel.Dispose();
        _bench.Dispose();
    }
}
