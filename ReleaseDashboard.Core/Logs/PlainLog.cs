using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>A log as it is written: text and index, each a file. Every read goes to the operating system's cache.</summary>
internal sealed class PlainLog : ILogData
{
    /// <summary>Index records that are read at once.</summary>
    private const int Batch = 1024;

    private readonly SafeFileHandle _text;
    private readonly SafeFileHandle _index;
    private readonly IndexHeader _header;
    private readonly TaskNames _tasks;

    private PlainLog(SafeFileHandle text, SafeFileHandle index, IndexHeader header, TaskNames tasks) => (_text, _index, _header, _tasks) = (text, index, header, tasks);

    public IReadOnlyList<string> Tasks => _tasks.All;

    public long FirstLine => _header.Lines + 1;

    public long FirstOffset => _header.Offset;

    /// <summary>Null when there is no such log, or not in this form.</summary>
    public static PlainLog? Open(LogPaths paths)
    {
        SafeFileHandle? index = null;
        try
        {
            index = OpenShared(paths.Index);
            Span<byte> bytes = stackalloc byte[IndexRecord.Size];
            // A header that is torn or missing: the next writer makes the index anew.
            var header = RandomAccess.Read(index, bytes, 0) == IndexRecord.Size ? IndexHeader.Read(bytes) ?? default : default;
            return new PlainLog(OpenShared(paths.TextOf(header)), index, header, TaskNames.Open(paths.Tasks));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            index?.Dispose();
            return null;
        }
    }

    public LogState State()
    {
        var last = LastRecord(out var ended);
        return new LogState(ended ? last - 1 : last, ended);
    }

    /// <summary>When the log ended; null while it has not.</summary>
    public long? EndTicks()
    {
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        var last = LastRecord(out var ended);
        return ended && RandomAccess.Read(_index, bytes, PlaceOf(last)) == IndexRecord.Size ? IndexRecord.Read(bytes)?.Ticks : null;
    }

    public int ReadText(long offset, Span<byte> to)
    {
        if (offset < _header.Offset) return 0;
        var done = 0;
        while (done < to.Length)
        {
            var read = RandomAccess.Read(_text, to[done..], offset + done - _header.Offset);
            if (read == 0) break;
            done += read;
        }
        return done;
    }

    public int ReadEntries(long line, Span<LineEntry> to)
    {
        if (line < FirstLine) return 0;
        // One record more than lines: a line starts where the one before ends.
        Span<byte> bytes = stackalloc byte[(Math.Min(Batch, to.Length) + 1) * IndexRecord.Size];
        var done = 0;
        while (done < to.Length)
        {
            var records = (RandomAccess.Read(_index, bytes, PlaceOf(line + done - 1)) / IndexRecord.Size) - 1;
            if (records <= 0) break;
            var start = IndexRecord.ReadEnd(bytes);
            for (var i = 1; i <= records && done < to.Length; i++)
            {
                if (IndexRecord.Read(bytes[(i * IndexRecord.Size)..]) is not { IsEnd: false } record) return done;
                to[done++] = new LineEntry(start, record.End, record.Ticks, record.Task, (LogSource)record.Source);
                start = record.End;
            }
        }
        return done;
    }

    public IEnumerable<LogPiece> Pieces(long totalLines) => LogPiece.Cut(FirstLine, totalLines, EndOf, LastWithin);

    public void Dispose()
    {
        _text.Dispose();
        _index.Dispose();
        _tasks.Dispose();
    }

    private long LastRecord(out bool ended)
    {
        var textEnd = RandomAccess.GetLength(_text) + _header.Offset;
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        for (var record = (RandomAccess.GetLength(_index) / IndexRecord.Size) - 1; record > 0; record--)
        {
            if (RandomAccess.Read(_index, bytes, record * IndexRecord.Size) < IndexRecord.Size) continue;
            if (IndexRecord.Read(bytes) is not { } last || last.End > textEnd) continue;
            ended = last.IsEnd;
            return record + _header.Lines;
        }
        ended = false;
        return _header.Lines;
    }

    /// <summary>The last line that ends at or before an offset; one less than <paramref name="first"/> when that one does not.</summary>
    private long LastWithin(long offset, long first, long last)
    {
        var low = first - 1;
        // Nearly always a page of like lines further on: doubling from the start reads less of the index than halving all of it.
        long step = 1024;
        while (low + step < last && EndOf(low + step) <= offset) step *= 2;
        var high = Math.Min(last, low + step);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (EndOf(middle) <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private long EndOf(long line)
    {
        Span<byte> record = stackalloc byte[IndexRecord.Size];
        return line < FirstLine || RandomAccess.Read(_index, record, PlaceOf(line)) < IndexRecord.Size ? _header.Offset : IndexRecord.ReadEnd(record);
    }

    private long PlaceOf(long line) => (line - _header.Lines) * IndexRecord.Size;

    private static SafeFileHandle OpenShared(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
