using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Metrics;
using ReleaseDashboard.Tests.Fakes;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class HealthTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private readonly FakeObserver _observer = new();
    private readonly DashboardFactory _dashboard;

    public HealthTests()
    {
        var views = new FakeViews(Now);
        _dashboard = DashboardFactory.StartWithFakes(views, new FakeRunService(views), _observer);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_EngineAway_IsNotReadyButAlive()
    {
        using var visitor = _dashboard.Visitor();
        var ready = await (await visitor.GetAsync("/readyz", Cancel)).Content.ReadAsStringAsync(Cancel);
        Assert.Equal("""{"status":"ready","database":"ok","engine":"ok","workers":"ok"}""", ready);

        _observer.Engine = new EngineStatus(false, "", "Docker does not answer on unix:///secret/path.");
        using var answer = await visitor.GetAsync("/readyz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"notReady","database":"ok","engine":"unavailable","workers":"ok"}""", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/healthz", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Ready_WorkerDoesNotWork_SaysStopped()
    {
        ((FakeWorkers)_dashboard.Services.GetRequiredService<IWorkerHealth>()).Ready = false;
        using var visitor = _dashboard.Visitor();
        using var answer = await visitor.GetAsync("/readyz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"notReady","database":"ok","engine":"ok","workers":"stopped"}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Metrics_Read_HoldRunsQueueEngineRequestsAndProcess()
    {
        using var visitor = _dashboard.Visitor();
        using var page = await visitor.GetAsync("/login", Cancel);
        _dashboard.Services.GetRequiredService<DashboardMetrics>().RunEnded(new Run(
            1, Stage.Setup, "shop", "ted1", 1, 1, "c", null, RunStatus.Succeeded, 1, "k", null, "api", "owner", Now, Now, Now.AddSeconds(3), false, null, null, null));
        using var answer = await visitor.GetAsync("/metrics", Cancel);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        foreach (var line in (string[])
            [
                "release_queue_length{stage=\"patch\",status=\"running\"} 1", "release_queue_length{stage=\"setup\",status=\"queued\"} 1", "release_run_slots 4", "release_engine_up 1",
                "release_environments{phase=\"ready\"} 0", "release_runs_total{stage=\"setup\",status=\"succeeded\"} 1", "release_run_duration_seconds_sum{stage=\"setup\",status=\"succeeded\"} 3",
                "release_http_request_duration_seconds_count{server=\"page\",method=\"GET\",code=\"2xx\"}", "process_cpu_seconds_total", "process_working_set_bytes",
            ])
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain(DashboardFactory.Token, text, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _dashboard.DisposeAsync();
}
