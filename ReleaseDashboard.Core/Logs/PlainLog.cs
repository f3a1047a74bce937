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
    private readonly TaskNames _tasks;

    private PlainLog(SafeFileHandle text, SafeFileHandle index, TaskNames tasks) => (_text, _index, _tasks) = (text, index, tasks);

    public IReadOnlyList<string> Tasks => _tasks.All;

    /// <summary>Null when there is no such log, or not in this form.</summary>
    public static PlainLog? Open(LogPaths paths)
    {
        SafeFileHandle? text = null;
        SafeFileHandle? index = null;
        try
        {
            text = OpenShared(paths.Text);
            index = OpenShared(paths.Index);
            return new PlainLog(text, index, TaskNames.Open(paths.Tasks));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            text?.Dispose();
            index?.Dispose();
            return null;
        }
    }

    public LogState State()
    {
        var textLength = RandomAccess.GetLength(_text);
        var count = (RandomAccess.GetLength(_index) / IndexRecord.Size) - 1;
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        for (; count > 0; count--)
        {
            if (RandomAccess.Read(_index, bytes, count * IndexRecord.Size) < IndexRecord.Size) continue;
            if (IndexRecord.Read(bytes) is not { } record || record.End > textLength) continue;
            return record.IsEnd ? new LogState(count - 1, true) : new LogState(count, false);
        }
        return new LogState(0, false);
    }

    public int ReadText(long offset, Span<byte> to)
    {
        var done = 0;
        while (done < to.Length)
        {
            var read = RandomAccess.Read(_text, to[done..], offset + done);
            if (read == 0) break;
            done += read;
        }
        return done;
    }

    public int ReadEntries(long line, Span<LineEntry> to)
    {
        // One record more than lines: a line starts where the one before ends.
        Span<byte> bytes = stackalloc byte[(Math.Min(Batch, to.Length) + 1) * IndexRecord.Size];
        var done = 0;
        while (done < to.Length)
        {
            var records = (RandomAccess.Read(_index, bytes, (line + done - 1) * IndexRecord.Size) / IndexRecord.Size) - 1;
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

    public IEnumerable<LogPiece> Pieces(long totalLines)
    {
        for (long line = 1; line <= totalLines;)
        {
            var start = EndOf(line - 1);
            var last = LastWithin(start + LogPiece.Size, line, totalLines);
            if (last < line)
            {
                yield return new LogPiece(start, LogFiles.LineCap, line++, 0, IsCut: true);
                continue;
            }
            yield return new LogPiece(start, (int)(EndOf(last) - start), line, (int)(last - line + 1), IsCut: false);
            line = last + 1;
        }
    }

    public void Dispose()
    {
        _text.Dispose();
        _index.Dispose();
        _tasks.Dispose();
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
        return line < 1 || RandomAccess.Read(_index, record, line * IndexRecord.Size) < IndexRecord.Size ? 0 : IndexRecord.ReadEnd(record);
    }

    private static SafeFileHandle OpenShared(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
