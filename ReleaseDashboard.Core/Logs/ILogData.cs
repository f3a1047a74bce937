using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// What the files of one log hold, however they hold it: plain while it is written, compressed afterwards. Everything that reads logs reads through this and nothing
/// else. Any number of threads may read at once; whoever has it open goes on reading the same log when its files are replaced or deleted.
/// </summary>
internal interface ILogData : IDisposable
{
    /// <summary>What the files say, without a torn tail: used when no writer of this process knows better.</summary>
    LogState State();

    /// <summary>Number of the first line that is there: 1, but for a log whose older lines were dropped. Numbers and offsets never change by that.</summary>
    long FirstLine { get; }

    /// <summary>Offset at which that line starts.</summary>
    long FirstOffset { get; }

    /// <summary>Lines that are not there any more, in order and apart from each other: they are passed over.</summary>
    IReadOnlyList<LineRange> Gone => FirstLine == 1 ? [] : [new LineRange(1, FirstLine - 1)];

    /// <summary>The last line that is gone, 0 when all are there: known without knowing all the others.</summary>
    long LastGone => FirstLine - 1;

    /// <summary>Says of lines that are gone when and why, where it is not one log that was pruned; null where a note beside the log says it.</summary>
    LogPruned? Pruned => null;

    /// <summary>Lines that were read just now are not shown as their text and their entries say: <see cref="Shown"/> is to be asked.</summary>
    bool ShowsOtherwise => false;

    /// <summary>A line as it is shown, where that is not what its text and its entry say.</summary>
    LogLine Shown(LogLine line) => line;

    /// <summary>Fills <paramref name="to"/> with text from a byte offset on. Returns fewer bytes only at the end of the text.</summary>
    int ReadText(long offset, Span<byte> to);

    /// <summary>Fills <paramref name="to"/> with what is known of line <paramref name="line"/> (1-based) and on, whose texts follow each other. Fewer, where there are no more or the next are somewhere else.</summary>
    int ReadEntries(long line, Span<LineEntry> to);

    /// <summary>Task names; <see cref="LineEntry.Task"/> is a place in this list, 1-based.</summary>
    IReadOnlyList<string> Tasks { get; }

    /// <summary>The text of the first <paramref name="totalLines"/> lines, in pieces of whole lines of at most <see cref="LogPiece.Size"/> bytes, in order.</summary>
    IEnumerable<LogPiece> Pieces(long totalLines);
}

/// <summary>What is known of a line besides its text.</summary>
/// <param name="Start">Offset of its text.</param>
/// <param name="End">Offset behind its line feed.</param>
/// <param name="Ticks">UTC.</param>
/// <param name="Task">Place in <see cref="ILogData.Tasks"/>, 1-based; 0 for the run itself.</param>
internal readonly record struct LineEntry(long Start, long End, long Ticks, ushort Task, LogSource Source)
{
    /// <summary>Bytes of its text.</summary>
    public long Length => Math.Max(0, End - Start - 1);

    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);
}

/// <summary>A part of the text that is read at once.</summary>
/// <param name="FirstLine">Number of the line it begins with.</param>
/// <param name="Lines">Number of line feeds in it.</param>
/// <param name="IsCut">A single line larger than a piece: only as much of it as is shown (<see cref="LogFiles.LineCap"/>), without its line feed.</param>
internal readonly record struct LogPiece(long Offset, int Length, long FirstLine, int Lines, bool IsCut)
{
    /// <summary>Most bytes of a piece.</summary>
    public const int Size = 1024 * 1024;

    /// <summary>Lines <paramref name="first"/> to <paramref name="total"/> in pieces of whole lines.</summary>
    /// <param name="endOf">Offset behind a line.</param>
    /// <param name="lastWithin">Of an offset, a first and a last line: the last line that ends at or before the offset; one less than the first when that one does not.</param>
    public static IEnumerable<LogPiece> Cut(long first, long total, Func<long, long> endOf, Func<long, long, long, long> lastWithin)
    {
        for (var line = first; line <= total;)
        {
            var start = endOf(line - 1);
            var last = lastWithin(start + Size, line, total);
            if (last < line)
            {
                yield return new LogPiece(start, LogFiles.LineCap, line++, 0, IsCut: true);
                continue;
            }
            yield return new LogPiece(start, (int)(endOf(last) - start), line, (int)(last - line + 1), IsCut: false);
            line = last + 1;
        }
    }
}
