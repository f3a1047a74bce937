using System.Globalization;
using System.Threading.Channels;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Metrics;

/// <summary>Counts runs as they end: the change feed says which run changed, its record says how it ended.</summary>
internal sealed class RunMetrics(IChangeFeed changes, IRecordStore records, DashboardMetrics metrics, ILogger<RunMetrics> log) : BackgroundService
{
    private const string Prefix = "run:";
    private readonly HashSet<long> _counted = [];
    private readonly Queue<long> _order = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changed = Channel.CreateBounded<long>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var subscription = changes.Subscribe(["*"], key =>
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(key.AsSpan(Prefix.Length), NumberStyles.None, null, out var id)) changed.Writer.TryWrite(id);
        });
        await foreach (var id in changed.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (!_counted.Contains(id) && await records.FindRunAsync(id, stoppingToken) is { } run && run.Status.IsFinal()) Count(run);
            }
#pragma warning disable CA1031 // A number that is missing must not end the counting of the others.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                log.LogWarning(e, "Run {Run} was not counted", id);
            }
        }
    }

    private void Count(Run run)
    {
        metrics.RunEnded(run);
        _counted.Add(run.Id);
        _order.Enqueue(run.Id);
        // Remembered only as long as a run may still be announced again.
        if (_order.Count > 10_000) _counted.Remove(_order.Dequeue());
    }
}
