using System.Text;
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

    /// <summary>Zero lines for a log that does not exist.</summary>
    LogState State(string logId);

    /// <summary>Lines <paramref name="from"/> (1-based) and on, at most <paramref name="limit"/>.</summary>
    Task<LogBatch> ReadAsync(string logId, long from, int limit, CancellationToken cancellationToken);

    /// <summary>From a line on, as it grows, without gap or repeat; ends with a batch that says so. At most ten batches a second; a slow reader slows nobody.</summary>
    IAsyncEnumerable<LogBatch> FollowAsync(string logId, long from, CancellationToken cancellationToken);

    /// <summary>Number of lines a task has already written, and the first and last of them: what a resumed run needs.</summary>
    Task<TaskLines> CountTaskLinesAsync(string logId, string task, CancellationToken cancellationToken);

    /// <summary>The text alone, one line after another, seekable; null when there is no such log.</summary>
    Stream? OpenRaw(string logId);

    void Delete(string logId);

    /// <summary>Ids of all logs that begin so.</summary>
    IReadOnlyList<string> List(string prefix);
}

/// <param name="Printed">Lines the task's own process printed (<c>out</c> and <c>err</c>), without those of the dashboard.</param>
public readonly record struct TaskLines(long Printed, long? First, long? Last);

/// <summary>Appends. Thread-safe; a line is on disk (written through to the operating system) when the call completes.</summary>
public interface ILogWriter : IAsyncDisposable
{
    long TotalLines { get; }

    /// <summary>Splits at line ends, masks secrets, cuts over-long lines with a marker. Returns the number of the last line written.</summary>
    ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null);

    /// <summary>As <see cref="WriteAsync"/>, of lines as a process printed them, each with its line feed: for what prints faster than text can be made of it.</summary>
    ValueTask<long> WriteBytesAsync(LogSource source, string task, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken, DateTimeOffset? at = null) =>
        WriteAsync(source, task, Encoding.UTF8.GetString(lines.Span), cancellationToken, at);

    /// <summary>Marks the log as ended. Disposing without it leaves it open for the next attempt.</summary>
    void Complete();
}
