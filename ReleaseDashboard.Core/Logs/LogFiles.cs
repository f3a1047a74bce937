using System.Buffers;
using System.Collections.Concurrent;
using ReleaseDashboard.Core.Logs.Compressed;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// A log, open for reading. Readers keep nothing and disturb nobody. What asks questions of a log (search, filter, outline, difference) uses <see cref="Scan"/> for its
/// text and <see cref="ReadEntries"/> for the rest; neither says whether the files are compressed.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    /// <summary>A longer line is shown cut; the raw text has all of it.</summary>
    public const int LineCap = 64 * 1024;

    /// <summary>A page of lines is cut short (never empty) beyond this many bytes of text.</summary>
    private const int PageCap = 2 * 1024 * 1024;

    /// <summary>A question takes no more cores than this: others ask too.</summary>
    private const int ScanCores = 4;

    private ILogData? _data;

    private LogFiles(ILogData data) => _data = data;

    /// <summary>What one look at a piece of text finds.</summary>
    /// <param name="text">Whole lines, each with its line feed.</param>
    public delegate T Look<out T>(LogPiece piece, ReadOnlySpan<byte> text);

    private ILogData Data => _data ?? throw new ObjectDisposedException(nameof(LogFiles));

    /// <summary>With the excerpts that were pinned of lines that are gone. Null when nothing is left of it, not even those.</summary>
    public static LogFiles? OpenWithPins(LogPaths paths)
    {
        var log = Open(paths);
        if (log is { LastGone: 0 } || !File.Exists(paths.Pins)) return log;
        if (log is not null) return new LogFiles(new PinnedLog(log.Data, log.State(), paths.Pins));
        return new PrunedNote(paths.Pruned).Read() is { } gone ? new LogFiles(new PinnedLog(null, new LogState(gone.Lines, true, gone), paths.Pins)) : null;
    }

    /// <summary>Null when there is no such log.</summary>
    public static LogFiles? Open(LogPaths paths)
    {
        // The files change their form between two looks, in either direction: what is in neither is looked for again.
        for (var look = 0; look < 3; look++)
        {
            if ((PlainLog.Open(paths) ?? FrameLog.Open(paths) ?? (ILogData?)TimelineLog.Open(paths)) is { } data) return new LogFiles(data);
        }
        return null;
    }

    public LogState State() => Data.State();

    /// <summary>Number of the first line that is there, pinned ones apart; see <see cref="ILogData.FirstLine"/>.</summary>
    public long FirstLine => Data.FirstLine;

    /// <summary>As <see cref="ILogData.LastGone"/>.</summary>
    public long LastGone => Data.LastGone;

    /// <summary>As <see cref="ILogData.Gone"/>.</summary>
    public IReadOnlyList<LineRange> Gone => Data.Gone;

    /// <summary>As <see cref="ILogData.Pruned"/>.</summary>
    public LogPruned? Pruned => Data.Pruned;

    /// <summary>As <see cref="ILogData.ShowsOtherwise"/>.</summary>
    public bool ShowsOtherwise => Data.ShowsOtherwise;

    /// <summary>As <see cref="ILogData.Shown"/>.</summary>
    public LogLine Shown(LogLine line) => Data.Shown(line);

    /// <summary>As <see cref="ILogData.ReadEntries"/>.</summary>
    public int ReadEntries(long line, Span<LineEntry> to) => Data.ReadEntries(line, to);

    /// <summary>As <see cref="ILogData.ReadText"/>.</summary>
    public int ReadText(long offset, Span<byte> to) => Data.ReadText(offset, to);

    /// <summary>Name of the task of an entry; empty for the run itself.</summary>
    public string TaskOf(LineEntry entry) => TaskNames.Of(Data.Tasks, entry.Task);

    /// <summary>Number by which entries name a task; -1 when no line is of it.</summary>
    public int NumberOf(string task) => task.Length == 0 ? 0 : TaskNames.Find(Data.Tasks, task);

    /// <summary>
    /// Looks at the text of the first <paramref name="totalLines"/> lines, several pieces at the same time, and gives what was found in the order of the text. Whoever has
    /// enough stops taking. A line larger than a piece comes alone, as much of it as is shown, with a line feed behind it. Blocks its caller: not for a circuit's thread.
    /// </summary>
    /// <param name="look">Called on several threads at once; the text is gone when it returns.</param>
    public IEnumerable<T> Scan<T>(long totalLines, Look<T> look, CancellationToken cancellationToken)
    {
        var data = Data;
        return Partitioner.Create(data.Pieces(totalLines), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered()
            .WithDegreeOfParallelism(Math.Clamp(Environment.ProcessorCount, 1, ScanCores)).WithCancellation(cancellationToken)
            .Select(piece =>
            {
                var buffer = ArrayPool<byte>.Shared.Rent(LogPiece.Size + 1);
                try
                {
                    var read = data.ReadText(piece.Offset, buffer.AsSpan(0, piece.Length));
                    if (piece.IsCut) buffer[read++] = (byte)'\n';
                    return look(piece, buffer.AsSpan(0, read));
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            });
    }

    /// <summary>Offset at which line <paramref name="line"/> + 1 starts.</summary>
    public long EndOf(long line)
    {
        Span<LineEntry> entry = stackalloc LineEntry[1];
        return Data.ReadEntries(line, entry) == 0 ? Data.FirstOffset : entry[0].End;
    }

    /// <summary>The first line from a number on that is there; behind the last of the log there may be none.</summary>
    public long NextThere(long line) => line > Data.LastGone ? line : LineRange.At(Data.Gone, line) is { } gone && gone.From <= line ? gone.To + 1 : line;

    /// <summary>The last line of those that are there without a gap from <paramref name="line"/> on, which is.</summary>
    public long LastTogether(long line, long total) => line > Data.LastGone ? total : LineRange.At(Data.Gone, line) is { } gone ? Math.Min(total, gone.From - 1) : total;

    /// <summary>The first line, not before <paramref name="from"/>, of those that are there without a gap up to <paramref name="line"/>.</summary>
    public long FirstTogether(long line, long from)
    {
        while (from <= Data.LastGone && LineRange.At(Data.Gone, from) is { } gone && gone.To < line) from = gone.To + 1;
        return from;
    }

    /// <summary>Lines without a gap, beginning with the next that is there.</summary>
    public IReadOnlyList<LogLine> ReadLines(long from, int limit, long total)
    {
        from = NextThere(from);
        var count = (int)Math.Min(limit, LastTogether(from, total) - from + 1);
        if (count <= 0) return [];
        var entries = new LineEntry[count];
        count = Data.ReadEntries(from, entries);
        var fit = 0;
        for (long bytes = 0; fit < count && (fit == 0 || bytes <= PageCap); fit++) bytes += Math.Min(LineCap, entries[fit].Length);
        if (fit == 0) return [];

        var start = entries[0].Start;
        var span = entries[fit - 1].End - start;
        var whole = span <= 2 * PageCap ? ReadText(start, (int)span) : null;
        var lines = new List<LogLine>(fit);
        for (var i = 0; i < fit; i++)
        {
            var entry = entries[i];
            var shown = (int)Math.Min(entry.Length, LineCap);
            var bytes = whole is null ? ReadText(entry.Start, shown) : whole.AsSpan((int)(entry.Start - start), shown);
            lines.Add(new LogLine(from + i, entry.At, entry.Source, TaskOf(entry), ShownText.Of(bytes, entry.Length)));
        }
        return Data.ShowsOtherwise ? [.. lines.Select(Data.Shown)] : lines;
    }

    public TaskLines CountTask(string task, long total, CancellationToken cancellationToken)
    {
        var number = NumberOf(task);
        if (number < 0) return default;
        var entries = new LineEntry[8192];
        long printed = 0, line = FirstLine;
        long? first = null, last = null;
        while (line <= total)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = Data.ReadEntries(line, entries.AsSpan(0, (int)Math.Min(entries.Length, total - line + 1)));
            if (read == 0) break;
            for (var i = 0; i < read; i++, line++)
            {
                if (entries[i].Task != number) continue;
                first ??= line;
                last = line;
                if (entries[i].Source is LogSource.Out or LogSource.Err) printed++;
            }
        }
        return new TaskLines(printed, first, last);
    }

    /// <summary>The text that is there up to an offset; the stream owns the files from then on.</summary>
    public Stream TakeText(long length)
    {
        var stream = new LogTextStream(Data, Data.FirstOffset, length - Data.FirstOffset);
        _data = null;
        return stream;
    }

    public void Dispose() => _data?.Dispose();

    private byte[] ReadText(long offset, int count)
    {
        var bytes = new byte[count];
        Data.ReadText(offset, bytes);
        return bytes;
    }
}
