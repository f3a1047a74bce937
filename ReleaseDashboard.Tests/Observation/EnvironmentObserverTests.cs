using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Tests.Stages;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Observation;

public sealed class EnvironmentObserverTests
{
    private static readonly string Key = ChangeKeys.Environment(StageBench.Id);

    [Fact]
    public async Task InstanceRemovedBehindOurBack_IsDriftWithinASecond()
    {
        await using var bench = new ObserverBench();
        await bench.StartAsync();
        Assert.Equal(SyncStatus.InSync, bench.Environment.Sync);
        bench.Stages.Engine.Remove((await bench.Stages.InstancesAsync("web"))[0].Id);
        await Eventually.TrueAsync(() => bench.Environment.Sync == SyncStatus.OutOfSync, "drift is written", TimeSpan.FromSeconds(1));
        Assert.Equal("web", Assert.Single(bench.Environment.Drift).Name);
        Assert.Equal(HealthStatus.Missing, bench.Environment.Health);
        Assert.True(bench.WasPublished(Key));
        Assert.Single(bench.Observer.Last(StageBench.Id)!.Instances);
        await Eventually.TrueAsync(() => bench.Stages.Routes.Find(Wanted.WebRoute.Hostname)!.Endpoints.Count == 0, "a dead instance gets no request");
    }

    [Fact]
    public async Task RunInProgress_IsProgressingAndDriftIsNotJudged()
    {
        await using var bench = new ObserverBench();
        await bench.StartAsync();
        bench.Stages.Records.Change(StageBench.Id, e => e with { Phase = EnvironmentPhase.Patching });
        bench.Stages.Engine.Remove((await bench.Stages.InstancesAsync("web"))[0].Id);
        await Eventually.TrueAsync(() => bench.Environment.Health == HealthStatus.Progressing, "a run in progress is progress");
        Assert.Empty(bench.Environment.Drift);

        // The run ends; the store says that the record changed.
        bench.Stages.Records.Change(StageBench.Id, e => e with { Phase = EnvironmentPhase.Ready });
        bench.Feed.Publish(Key);
        await Eventually.TrueAsync(() => bench.Environment.Sync == SyncStatus.OutOfSync, "drift is judged after the run");
    }

    [Fact]
    public async Task Paused_IsNoDrift()
    {
        await using var bench = new ObserverBench();
        await bench.StartAsync();
        Assert.Equal(RunStatus.Succeeded, (await bench.Stages.RunAsync(Stage.Pause)).Status);
        bench.Stages.Records.Change(StageBench.Id, e => e with { Phase = EnvironmentPhase.Paused });
        bench.Feed.Publish(Key);
        await Eventually.TrueAsync(() => bench.Environment is { Health: HealthStatus.Unknown, Sync: SyncStatus.InSync }, "a paused environment differs from nothing");
    }

    [Fact]
    public async Task EngineGoesAwayAndComesBack_IsSaidAndEverythingIsLookedAtAgain()
    {
        await using var bench = new ObserverBench();
        await bench.StartAsync();
        bench.Stages.Engine.Away = true;
        await Eventually.TrueAsync(() => !bench.Observer.Engine.Available && bench.Environment.Health == HealthStatus.Unknown, "the engine is known to be away");
        Assert.True(bench.WasPublished(ChangeKeys.Engine));
        Assert.NotNull(bench.Observer.Engine.Message);
        bench.Stages.Engine.Away = false;
        await Eventually.TrueAsync(() => bench.Observer.Engine.Available && bench.Environment.Health == HealthStatus.Healthy, "the engine is back");
    }

    [Fact]
    public async Task EnvironmentNobodyKnows_IsAnOrphanUntilItIsGone()
    {
        await using var bench = new ObserverBench();
        await bench.StartAsync();
        var scope = Wanted.Shop().Scope with { Environment = "lost" };
        await bench.Stages.Engine.EnsureSpaceAsync(scope, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => bench.Observer.Orphans.Any(o => o.Environment == "lost"), "the orphan is found");
        await bench.Stages.Engine.RemoveEnvironmentAsync("lost", new Silent(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => bench.Observer.Orphans.Count == 0, "the orphan is gone");
    }

    [Fact]
    public async Task Idle_AsksTheEngineNothingButTheResync()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new ObserverBench(clock);
        await bench.StartAsync();
        // What the setup and the first look set in motion comes to rest.
        await Eventually.TrueAsync(() => Rests(bench, clock), "the observer rests");
        var (looks, all) = (bench.Counted.Looks, bench.Counted.LooksAtAll);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal((looks, all, 0), (bench.Counted.Looks, bench.Counted.LooksAtAll, bench.Counted.Measurements));
        await Eventually.TrueAsync(() => Advance(clock, TimeSpan.FromSeconds(5)) && bench.Counted.LooksAtAll == all + 1, "the resync looks at all");
        Assert.Equal(looks, bench.Counted.Looks);
    }

    [Fact]
    public async Task Usage_IsMeasuredOnlyWhileSomebodyLooks()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new ObserverBench(clock);
        await bench.StartAsync();
        Assert.Empty(bench.Observer.Usage(StageBench.Id));
        await Eventually.TrueAsync(() => bench.Counted.Measurements == 1, "the first look measures at once");
        await Eventually.TrueAsync(() => bench.Observer.Usage(StageBench.Id).Count == 2, "both instances are measured");
        await Eventually.TrueAsync(() => Advance(clock, TimeSpan.FromSeconds(1)) && bench.Counted.Measurements >= 2, "and again after the interval");

        // Nobody looks any more: after a while the measuring ends, and stays ended.
        clock.Advance(UsageMeter.Interest + UsageMeter.Interval);
        var last = -1;
        await Eventually.TrueAsync(() =>
        {
            var before = Interlocked.Exchange(ref last, bench.Counted.Measurements);
            clock.Advance(UsageMeter.Interval);
            return before == bench.Counted.Measurements;
        }, "the measuring ends");
    }

    [Fact]
    public async Task Queue_KeyAddedWhileWorkedOn_ComesAgainOnceAfterwards()
    {
        var queue = new KeyQueue();
        queue.Add("a");
        queue.Add("a");
        var key = await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Add("a");
        queue.Add("a");
        queue.Add("b");
        Assert.Equal("b", await queue.TakeAsync(TestContext.Current.CancellationToken));
        var next = queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(next.IsCompleted);
        queue.Done(key);
        Assert.Equal("a", await next);
    }

    private static bool Rests(ObserverBench bench, FakeTimeProvider clock)
    {
        var before = bench.Counted.Looks;
        clock.Advance(EnvironmentObserver.Rest);
        return before == bench.Counted.Looks;
    }

    private static bool Advance(FakeTimeProvider clock, TimeSpan by)
    {
        clock.Advance(by);
        return true;
    }

    private sealed class Silent : Core.Engines.IEngineOutput
    {
        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
