using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>What keeps logs small: for upkeep, not for readers.</summary>
public interface ILogKeeping
{
    /// <summary>Every log that has lines on the disk.</summary>
    IReadOnlyList<KeptLog> ListKept();

    /// <summary>
    /// Removes the lines of a log and remembers that they were there; what was pinned stays. Does nothing to a log that is being written. Returns whether there were lines to remove.
    /// </summary>
    /// <param name="reason">A sentence for the page.</param>
    bool Prune(string logId, string reason);

    /// <summary>
    /// Compresses a log that has ended. Returns false when there is nothing to do: it is being written, has not ended, is compressed already, or was opened again meanwhile.
    /// </summary>
    /// <param name="breathe">Called between pieces of work of a few milliseconds.</param>
    Task<bool> CompressAsync(string logId, Func<CancellationToken, ValueTask> breathe, CancellationToken cancellationToken);
}

/// <param name="Bytes">On the disk.</param>
/// <param name="WrittenAt">When something was last written.</param>
/// <param name="Ended">Nothing will be written any more.</param>
/// <param name="Writing">Somebody writes it now.</param>
/// <param name="Compressed">It has its last form.</param>
public sealed record KeptLog(string LogId, long Bytes, DateTimeOffset WrittenAt, bool Ended, bool Writing, bool Compressed);
