using Prometheus;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Metrics;

/// <summary>The numbers of <c>/metrics</c>. Names are fixed: dashboards are built on them.</summary>
internal sealed class DashboardMetrics
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private readonly TimeProvider _clock;
    private readonly Gauge _queue;
    private readonly Gauge _slots;
    private readonly Gauge _environments;
    private readonly Gauge _engineUp;
    private readonly Counter _runs;
    private readonly Histogram _runSeconds;
    private long _readAt;

    public DashboardMetrics(IDashboardViews views, IRecordStore records, IEnvironmentObserver observer, TimeProvider clock)
    {
        _clock = clock;
        Registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(Registry);
        var factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        _queue = factory.CreateGauge("release_queue_length", "Runs in the queue now.", "stage", "status");
        _slots = factory.CreateGauge("release_run_slots", "Runs that may go on at the same time.");
        _environments = factory.CreateGauge("release_environments", "Environments that are not removed.", "phase");
        _engineUp = factory.CreateGauge("release_engine_up", "1 when the engine answers.");
        _runs = factory.CreateCounter("release_runs_total", "Runs that ended since the start.", "stage", "status");
        _runSeconds = factory.CreateHistogram("release_run_duration_seconds", "From the start of a run to its end.", new HistogramConfiguration
        {
            LabelNames = ["stage", "status"],
            Buckets = [1, 2, 5, 10, 20, 40, 60, 120, 300, 600, 1200, 3600],
        });
        Requests = factory.CreateHistogram("release_http_request_duration_seconds", "HTTP requests by what served them: api, page, proxy.", new HistogramConfiguration
        {
            LabelNames = ["server", "method", "code"],
            Buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
        });
        Registry.AddBeforeCollectCallback(cancel => ReadAsync(views, records, observer, cancel));
    }

    public CollectorRegistry Registry { get; }

    public Histogram Requests { get; }

    public void RunEnded(Run run)
    {
        _runs.WithLabels(run.Stage.Word(), run.Status.Word()).Inc();
        if (run.StartedAt is { } started && run.FinishedAt is { } finished)
            _runSeconds.WithLabels(run.Stage.Word(), run.Status.Word()).Observe((finished - started).TotalSeconds);
    }

    private async Task ReadAsync(IDashboardViews views, IRecordStore records, IEnvironmentObserver observer, CancellationToken cancellationToken)
    {
        // Anybody may ask; the database is read every other second at most.
        var last = Interlocked.Read(ref _readAt);
        var now = _clock.GetTimestamp();
        if (last != 0 && _clock.GetElapsedTime(last, now) < Freshness) return;
        if (Interlocked.CompareExchange(ref _readAt, now, last) != last) return;
        var queue = await views.QueueAsync(cancellationToken);
        var counts = queue.Running.Concat(queue.Waiting).CountBy(row => (row.Run.Stage, row.Run.Status)).ToDictionary();
        foreach (var stage in Enum.GetValues<Stage>())
        {
            foreach (var status in (RunStatus[])[RunStatus.Queued, RunStatus.Running])
                _queue.WithLabels(stage.Word(), status.Word()).Set(counts.GetValueOrDefault((stage, status)));
        }

        _slots.Set(queue.Slots);
        var phases = (await records.ListEnvironmentsAsync(cancellationToken)).CountBy(e => e.Phase).ToDictionary();
        foreach (var phase in Enum.GetValues<EnvironmentPhase>().Where(p => p != EnvironmentPhase.Removed))
            _environments.WithLabels(phase.Word()).Set(phases.GetValueOrDefault(phase));
        _engineUp.Set(observer.Engine.Available ? 1 : 0);
    }
}
