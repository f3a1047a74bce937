using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Appends. Thread-safe; a line is on disk (written through to the operating system) when the call that completes it returns, and that it returns late is the
/// back-pressure. Secrets are masked on the way. A full disk is an <see cref="IOException"/>, and nothing of the piece that did not fit is in the log.
/// </summary>
public interface ILogWriter : IAsyncDisposable
{
    long TotalLines { get; }

    /// <summary>What secrets were printed, a finding for each task. Of all attempts.</summary>
    IReadOnlyList<SecretFinding> Findings => [];

    /// <summary>Whole lines: splits at line ends, and the last one ends with the text. Returns the number of the last line written.</summary>
    ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null);

    /// <summary>
    /// Output of a process as it came, cut anywhere, whatever its bytes are. A line is what ends with a line feed (and a carriage return before it); what follows the last one goes on with the
    /// next call for the same source and task, or ends by <see cref="EndLineAsync"/> or <see cref="Complete"/>. Until then it is no line: an attempt that ends without it leaves it out.
    /// However long a line is, the memory is bounded. The bytes are used no more when the call returns.
    /// </summary>
    async ValueTask<WrittenLines> WriteBytesAsync(LogSource source, string task, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, DateTimeOffset? at = null)
    {
        var before = TotalLines;
        return new WrittenLines(before + 1, await WriteAsync(source, task, Encoding.UTF8.GetString(bytes.Span), cancellationToken, at));
    }

    /// <summary>Ends a line that <see cref="WriteBytesAsync"/> left unfinished, if there is one.</summary>
    ValueTask<WrittenLines> EndLineAsync(LogSource source, string task, CancellationToken cancellationToken) => ValueTask.FromResult(WrittenLines.None);

    /// <summary>Whole lines of a task, each with its own time and source: the fastest way for many.</summary>
    async ValueTask<WrittenLines> WriteLinesAsync(string task, LogLines lines, CancellationToken cancellationToken)
    {
        var before = TotalLines;
        for (var i = 0; i < lines.Count; i++) await WriteAsync(lines.Source(i), task, Encoding.UTF8.GetString(lines.Text(i)), cancellationToken, lines.At(i));
        return new WrittenLines(before + 1, TotalLines);
    }

    /// <summary>Says that lines are missing here: a line of the dashboard's own that programs can read (<see cref="LogGap.Of"/>). Returns its number.</summary>
    ValueTask<long> MarkGapAsync(string task, LogGap gap, CancellationToken cancellationToken) => WriteAsync(LogSource.Sys, task, gap.ToString(), cancellationToken);

    /// <summary>Marks the log as ended: it will be compressed. Disposing without it leaves it open for the next attempt.</summary>
    void Complete();
}

/// <summary>Lines a call wrote.</summary>
/// <param name="First">Greater than <paramref name="Last"/> when there are none.</param>
public readonly record struct WrittenLines(long First, long Last)
{
    public static readonly WrittenLines None = new(1, 0);

    public bool IsEmpty => Last < First;
}
