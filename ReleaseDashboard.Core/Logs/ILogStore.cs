using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// The only door to logs. A log has an id (<c>run-128</c>, <c>instance-…</c>), exactly one writer and any number of readers, who may be on
/// another machine than the writer one day. Lines are never rows in the database.
/// </summary>
public interface ILogStore
{
    /// <summary>Opens a log for appending, repairing a torn tail first. A second writer for the same id is refused with <see cref="InvalidOperationException"/>.</summary>
    ILogWriter OpenWriter(string logId, IReadOnlyCollection<string> secrets);

    /// <summary>What secrets were printed into a log: also while it is written, and after its lines were pruned.</summary>
    IReadOnlyList<SecretFinding> Findings(string logId) => [];

    /// <summary>Zero lines for a log that does not exist.</summary>
    LogState State(string logId);

    /// <summary>
    /// Lines <paramref name="from"/> (1-based) and on, at most <paramref name="limit"/>, without a gap. Where lines were pruned (<see cref="LogState.Pruned"/>) the answer begins
    /// with the next one that is still there, which <see cref="LogBatch.FirstLine"/> says, and is empty when there is none.
    /// </summary>
    Task<LogBatch> ReadAsync(string logId, long from, int limit, CancellationToken cancellationToken);

    /// <summary>From a line on, as it grows, without gap or repeat; ends with a batch that says so. At most ten batches a second; a slow reader slows nobody.</summary>
    IAsyncEnumerable<LogBatch> FollowAsync(string logId, long from, CancellationToken cancellationToken);

    /// <summary>Number of lines a task has already written, and the first and last of them: what a resumed run needs.</summary>
    Task<TaskLines> CountTaskLinesAsync(string logId, string task, CancellationToken cancellationToken);

    /// <summary>The text alone, one line after another, seekable; null when there is no such log.</summary>
    Stream? OpenRaw(string logId);

    /// <summary>Keeps lines (both numbers included, at most 1,000) beyond pruning. Once is enough. Null when it is done, else why it cannot be, in a sentence.</summary>
    Task<string?> PinAsync(string logId, long from, long to, CancellationToken cancellationToken) => Task.FromResult<string?>("Lines cannot be pinned here.");

    /// <summary>Everything of a log, also what was pinned.</summary>
    void Delete(string logId);

    /// <summary>Ids of all logs that begin so.</summary>
    IReadOnlyList<string> List(string prefix);
}

/// <param name="Printed">Lines the task's own process printed (<c>out</c> and <c>err</c>), without those of the dashboard.</param>
public readonly record struct TaskLines(long Printed, long? First, long? Last);
