using ReleaseDashboard.Core.Git;
using Xunit;

namespace ReleaseDashboard.Tests.Git;

public sealed class SharedFetchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_CallersDuringAFetch_ShareTheNextOne()
    {
        var fetches = new SharedFetch();
        var first = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var count = 0;
        var running = fetches.RunAsync("shop", () => { count++; started.SetResult(); return first.Task; }, Stop);
        await started.Task;
        var waiting = Enumerable.Range(0, 10).Select(_ => fetches.RunAsync("shop", () => { count++; return Task.CompletedTask; }, Stop)).ToList();
        Assert.Equal(1, count);

        first.SetResult();
        await running;
        await Task.WhenAll(waiting);

        Assert.Equal(2, count);
        await fetches.RunAsync("shop", () => { count++; return Task.CompletedTask; }, Stop);
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Run_FailedFetch_FailsItsCallersAndNotTheNext()
    {
        var fetches = new SharedFetch();
        await Assert.ThrowsAsync<GitException>(() => fetches.RunAsync("shop", () => throw new GitException("no"), Stop));
        await fetches.RunAsync("shop", () => Task.CompletedTask, Stop);
    }

    [Fact]
    public async Task Run_CallerThatGivesUp_DoesNotEndTheFetchOfOthers()
    {
        var fetches = new SharedFetch();
        var gate = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var patient = fetches.RunAsync("shop", () => gate.Task, Stop);
        var gaveUp = fetches.RunAsync("shop", () => Task.CompletedTask, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);
        gate.SetResult();
        await patient;
    }
}
