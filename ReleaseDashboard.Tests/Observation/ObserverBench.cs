using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Tests.Stages;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Observation;

/// <summary>A set-up environment on a fake engine, and an observer that looks at it.</summary>
internal sealed class ObserverBench : IAsyncDisposable
{
    private readonly UsageMeter _usage;

    /// <param name="clock">Advanced by the test; null for real time.</param>
    public ObserverBench(FakeTimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        Counted = new CountingEngine(Stages.Engine);
        Feed = new ChangeFeed(NullLogger<ChangeFeed>.Instance);
        Subscription = Feed.Subscribe(["*"], key =>
        {
            lock (Published) Published.Add(key);
        });
        var loader = new RouteLoader(Stages.Engine, Stages.Records, Stages.Routes, time, NullLogger<RouteLoader>.Instance);
        _usage = new UsageMeter(Counted, Feed, time);
        var looks = new EnvironmentLooks(Counted, Stages.Records, Stages.Records, Feed, [loader]);
        Observer = new EnvironmentObserver(Counted, looks, new EngineAvailability(Feed), _usage, Feed, time, NullLogger<EnvironmentObserver>.Instance);
    }

    public StageBench Stages { get; } = new();
    public ChangeFeed Feed { get; }
    public List<string> Published { get; } = [];
    public EnvironmentObserver Observer { get; }
    public CountingEngine Counted { get; }
    public ReleaseEnvironment Environment => Stages.Records.Environment(StageBench.Id);
    private IDisposable Subscription { get; }

    public async Task StartAsync()
    {
        await Stages.SetUpAsync();
        await Observer.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Observer.Engine.Available && Environment.Health == HealthStatus.Healthy, "the first look finds everything healthy");
    }

    public bool WasPublished(string key)
    {
        lock (Published) return Published.Contains(key);
    }

    public async ValueTask DisposeAsync()
    {
        await Observer.StopAsync(CancellationToken.None);
        Observer.Dispose();
        _usage.Dispose();
        Subscription.Dispose();
        Stages.Dispose();
    }
}
