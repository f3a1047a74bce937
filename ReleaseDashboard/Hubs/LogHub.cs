using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hubs;

/// <summary>Logs as they grow, for everybody who is not a page of the dashboard.</summary>
public sealed class LogHub(IRunLogs logs, IRecordStore records) : Hub
{
    /// <summary>A run's log from a line (1-based) on, without gap or repeat; the last message says that it has ended.</summary>
    public async IAsyncEnumerable<LogBatchMessage> Follow(string runId, long fromLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!long.TryParse(runId, out var id) || await records.FindRunAsync(id, cancellationToken) is not { } run) throw new HubException($"There is no run {runId}.");
        await foreach (var batch in logs.FollowAsync(run, fromLine, cancellationToken)) yield return LogBatchMessage.Of(batch);
    }
}

public sealed record LogBatchMessage(long FirstLine, IReadOnlyList<LogLineMessage> Lines, long TotalLines, bool Ended)
{
    public static LogBatchMessage Of(LogBatch batch) => new(batch.FirstLine, [.. batch.Lines.Select(LogLineMessage.Of)], batch.TotalLines, batch.Ended);
}
