using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Views;

internal sealed class RunLogs(ILogStore logs, ILogTail tail, IRecordStore records, IChangeFeed feed, TimeProvider clock, ILogger<RunLogs> logger) : IRunLogs
{
    /// <summary>The feed is an optimisation: the record is looked at this often whatever it says.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private const int RestLines = 1000;

    public async IAsyncEnumerable<LogBatch> FollowAsync(Run run, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Math.Max(1, from);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var over = RunOver.Watch(this, run.Id, reading);
        await foreach (var batch in UntilAsync(logs.FollowAsync(run.LogId, next, reading.Token), cancellationToken))
        {
            yield return batch;
            if (batch.Ended) yield break;
            next = batch.FirstLine + batch.Lines.Count;
        }

        // Every line was written before the run's status became final.
        while (true)
        {
            var rest = await logs.ReadAsync(run.LogId, next, RestLines, cancellationToken);
            next += rest.Lines.Count;
            var ended = next > rest.TotalLines || rest.Lines.Count == 0;
            yield return rest with { Ended = ended };
            if (ended) yield break;
        }
    }

    public async IAsyncEnumerable<LogState> WatchAsync(long runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var logId = $"run-{runId}";
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var over = RunOver.Watch(this, runId, reading);
        await foreach (var state in UntilAsync(tail.WatchAsync(logId, reading.Token), cancellationToken))
        {
            yield return state;
            if (state.Ended) yield break;
        }

        yield return logs.State(logId) with { Ended = true };
    }

    /// <summary>Ends quietly when the source was canceled by somebody else than the caller.</summary>
    private static async IAsyncEnumerable<T> UntilAsync<T>(IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = source.GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    private async Task<bool> IsOverAsync(long runId, CancellationToken cancellationToken)
    {
        try
        {
            return await records.FindRunAsync(runId, cancellationToken) is not { } run || run.Status.IsFinal();
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(problem, "Whether run {Run} is over cannot be read now", runId);
            return false;
        }
    }

    /// <summary>Cancels the reading of a log when its run is over.</summary>
    private sealed class RunOver : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SemaphoreSlim _changed = new(0);
        private readonly IDisposable _subscription;
        private readonly Task _work;

        private RunOver(RunLogs logs, long runId, CancellationTokenSource reading)
        {
            _subscription = logs.Subscribe(runId, () => _changed.Release());
            _work = WorkAsync(logs, runId, reading);
        }

        public static RunOver Watch(RunLogs logs, long runId, CancellationTokenSource reading) => new(logs, runId, reading);

        public async ValueTask DisposeAsync()
        {
            _subscription.Dispose();
            await _stop.CancelAsync();
            await _work;
            _stop.Dispose();
        }

        private async Task WorkAsync(RunLogs logs, long runId, CancellationTokenSource reading)
        {
            try
            {
                while (!await logs.IsOverAsync(runId, _stop.Token)) await WaitAsync(logs);
                await reading.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Nobody reads any more.
            }
        }

        private async Task WaitAsync(RunLogs logs)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await await Task.WhenAny(_changed.WaitAsync(either.Token), Task.Delay(LookAgain, logs.Clock, either.Token));
            await either.CancelAsync();
        }
    }

    private TimeProvider Clock => clock;

    private IDisposable Subscribe(long runId, Action changed) => feed.Subscribe([ChangeKeys.Run(runId)], _ => changed());
}
