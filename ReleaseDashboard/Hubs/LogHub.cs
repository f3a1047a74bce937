using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hubs;

/// <summary>Logs as they grow, for everybody who is not a page of the dashboard.</summary>
public sealed class LogHub(ILogStore logs, IRecordStore records) : Hub
{
    /// <summary>A run's log from a line (1-based) on, without gap or repeat; the last message says that it has ended.</summary>
    public async IAsyncEnumerable<LogBatchMessage> Follow(string runId, long fromLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!long.TryParse(runId, out var id) || await records.FindRunAsync(id, cancellationToken) is not { } run) throw new HubException($"There is no run {runId}.");
        if (run.Status.IsFinal() && !logs.State(run.LogId).Ended)
        {
            // Ended without a word, such as a run that was canceled while it waited: nobody will end its log.
            await foreach (var batch in ReadAsync(run.LogId, Math.Max(1, fromLine), cancellationToken)) yield return batch;
            yield break;
        }
        await foreach (var batch in logs.FollowAsync(run.LogId, fromLine, cancellationToken)) yield return LogBatchMessage.Of(batch);
    }

    private async IAsyncEnumerable<LogBatchMessage> ReadAsync(string logId, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LogBatch batch;
        do
        {
            batch = await logs.ReadAsync(logId, from, 1000, cancellationToken);
            from += batch.Lines.Count;
            yield return LogBatchMessage.Of(batch with { Ended = from > batch.TotalLines });
        }
        while (from <= batch.TotalLines && batch.Lines.Count > 0);
    }
}

public sealed record LogBatchMessage(long FirstLine, IReadOnlyList<LogLineMessage> Lines, long TotalLines, bool Ended)
{
    public static LogBatchMessage Of(LogBatch batch) => new(batch.FirstLine, [.. batch.Lines.Select(LogLineMessage.Of)], batch.TotalLines, batch.Ended);
}
