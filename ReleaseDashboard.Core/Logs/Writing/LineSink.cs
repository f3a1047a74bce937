using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// Appends lines, as they are, to the files of one log. Text is written first and its records after it, so a process that is killed in between leaves text without
/// records, which is no line yet. Writing is a copy into the page cache and happens on the caller's thread. Not thread-safe.
/// </summary>
internal sealed class LineSink : IDisposable
{
    /// <summary>Lines, and bytes unless a single line has more, that are written at once.</summary>
    private const int BatchLines = 8192;
    private const int BatchBytes = 1024 * 1024;

    private readonly string _logId;
    private readonly LogPaths _paths;
    private readonly List<string> _tasks;
    private SafeFileHandle _text;
    private SafeFileHandle _index;
    private IndexHeader _header;

    public LineSink(string logId, LogPaths paths, LogRepair.Opened opened)
    {
        (_logId, _paths, _text, _index, _header, TextEnd, Lines) = (logId, paths, opened.Text, opened.Index, opened.Header, opened.TextEnd, opened.Lines);
        _tasks = [.. TaskNames.Read(paths.Tasks)];
    }

    /// <summary>Number of the last line.</summary>
    public long Lines { get; private set; }

    public long TextEnd { get; private set; }

    /// <summary>Bytes of text that are there.</summary>
    public long Size => TextEnd - _header.Offset;

    /// <summary>Lines before the first that is there.</summary>
    public long Dropped => _header.Lines;

    /// <param name="lines">Whole lines, each with its line feed.</param>
    /// <param name="stamps">One for each line, or one for all of them.</param>
    public void Append(string task, ReadOnlySpan<byte> lines, ReadOnlySpan<LineStamp> stamps)
    {
        var number = TaskNumber(task);
        var most = Math.Min(BatchLines, lines.Length);
        var records = ArrayPool<byte>.Shared.Rent(Math.Max(1, most) * IndexRecord.Size);
        try
        {
            while (!lines.IsEmpty)
            {
                var used = 0;
                var count = 0;
                while (used < lines.Length && count < most && (used < BatchBytes || count == 0))
                {
                    var length = lines[used..].IndexOf((byte)'\n');
                    var stamp = stamps[stamps.Length == 1 ? 0 : count];
                    var sum = IndexRecord.Sum(lines.Slice(used, length));
                    used += length + 1;
                    new IndexRecord(TextEnd + used, stamp.Ticks, number, (byte)stamp.Source, sum).Write(records.AsSpan(count++ * IndexRecord.Size));
                }
                Commit(lines[..used], records.AsSpan(0, count * IndexRecord.Size), count);
                lines = lines[used..];
                if (stamps.Length > 1) stamps = stamps[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(records);
        }
    }

    /// <summary>One line that is too long to be held.</summary>
    /// <param name="line">Its bytes, without the line feed.</param>
    /// <param name="after">What follows them.</param>
    public void AppendLong(string task, Stream line, ReadOnlySpan<byte> after, LineStamp stamp)
    {
        var number = TaskNumber(task);
        var sum = uint.MaxValue;
        var end = TextEnd;
        var bytes = ArrayPool<byte>.Shared.Rent(BatchBytes);
        Span<byte> record = stackalloc byte[IndexRecord.Size];
        try
        {
            for (var read = line.Read(bytes); read > 0; read = line.Read(bytes)) Put(bytes.AsSpan(0, read), ref end, ref sum);
            Put(after, ref end, ref sum);
            RandomAccess.Write(_text, "\n"u8, end++ - _header.Offset);
            new IndexRecord(end, stamp.Ticks, number, (byte)stamp.Source, sum).Write(record);
            RandomAccess.Write(_index, record, PlaceOf(Lines + 1));
            (Lines, TextEnd) = (Lines + 1, end);
        }
        catch (IOException e)
        {
            throw Refused(e, 1);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void End(long ticks)
    {
        Span<byte> record = stackalloc byte[IndexRecord.Size];
        new IndexRecord(TextEnd, ticks, 0, IndexRecord.EndMark, 0).Write(record);
        try
        {
            RandomAccess.Write(_index, record, PlaceOf(Lines + 1));
        }
        catch (IOException e)
        {
            throw Refused(e, 0);
        }
        RandomAccess.FlushToDisk(_text);
        RandomAccess.FlushToDisk(_index);
    }

    /// <summary>Drops the oldest lines so that about this many bytes of text are left. Who reads meanwhile goes on reading what was there.</summary>
    public void DropOldest(long keep)
    {
        var (text, index, header) = Halving.Run(_paths, _text, _index, _header, Lines, TextEnd, keep);
        _text.Dispose();
        _index.Dispose();
        File.Delete(_paths.TextOf(_header));
        (_text, _index, _header) = (text, index, header);
    }

    public void Dispose()
    {
        _text.Dispose();
        _index.Dispose();
    }

    private void Put(ReadOnlySpan<byte> bytes, ref long end, ref uint sum)
    {
        RandomAccess.Write(_text, bytes, end - _header.Offset);
        end += bytes.Length;
        sum = IndexRecord.Sum(sum, bytes);
    }

    /// <summary>All of it, or nothing of it and an exception that says why.</summary>
    private void Commit(ReadOnlySpan<byte> text, ReadOnlySpan<byte> records, int lines)
    {
        try
        {
            RandomAccess.Write(_text, text, TextEnd - _header.Offset);
            RandomAccess.Write(_index, records, PlaceOf(Lines + 1));
        }
        catch (IOException e)
        {
            throw Refused(e, lines);
        }
        (Lines, TextEnd) = (Lines + lines, TextEnd + text.Length);
    }

    private IOException Refused(IOException e, int lines)
    {
        Shrink(_index, PlaceOf(Lines + 1));
        Shrink(_text, TextEnd - _header.Offset);
        return new IOException($"{lines} line(s) of the log {_logId} could not be written: {e.Message} Make room on the disk of the data directory; what was written before is kept.", e);
    }

    private long PlaceOf(long line) => (line - _header.Lines) * IndexRecord.Size;

    private ushort TaskNumber(string task)
    {
        if (task.Length == 0) return 0;
        var name = TaskNames.Clean(task);
        var known = _tasks.IndexOf(name);
        if (known >= 0) return (ushort)(known + 1);
        // A workflow has a handful of tasks; beyond the range of the field a line is the run's own.
        if (_tasks.Count == ushort.MaxValue) return 0;
        TaskNames.Append(_paths.Tasks, _tasks, name);
        _tasks.Add(name);
        return (ushort)_tasks.Count;
    }

    private static void Shrink(SafeFileHandle file, long length)
    {
        try
        {
            if (RandomAccess.GetLength(file) > length) RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
            // The next write goes to the same place, and the next opening repairs.
        }
    }
}
