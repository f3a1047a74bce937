using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The files of a log, open for reading. Every read goes to the operating system's cache: readers keep nothing and disturb nobody.</summary>
internal sealed class LogFiles : IDisposable
{
    /// <summary>A longer line is shown cut; the raw text has all of it.</summary>
    public const int LineCap = 64 * 1024;

    /// <summary>A page of lines is cut short (never empty) beyond this many bytes of text.</summary>
    private const int PageCap = 2 * 1024 * 1024;

    private SafeFileHandle? _text;
    private readonly SafeFileHandle _index;
    private readonly string _tasksPath;

    private LogFiles(SafeFileHandle text, SafeFileHandle index, string tasksPath)
    {
        _text = text;
        _index = index;
        _tasksPath = tasksPath;
    }

    public SafeFileHandle Text => _text ?? throw new ObjectDisposedException(nameof(LogFiles));

    /// <summary>Null when there is no such log.</summary>
    public static LogFiles? Open(LogPaths paths)
    {
        SafeFileHandle? text = null;
        try
        {
            text = OpenShared(paths.Text);
            return new LogFiles(text, OpenShared(paths.Index), paths.Tasks);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            text?.Dispose();
            return null;
        }
    }

    /// <summary>What the files say, without a torn tail: used when no writer of this process knows better.</summary>
    public LogState State()
    {
        var (count, ended) = Count();
        return new LogState(count, ended);
    }

    /// <summary>Offset at which line <paramref name="line"/> + 1 starts.</summary>
    public long EndOf(long line)
    {
        Span<byte> record = stackalloc byte[IndexRecord.Size];
        return line < 1 || RandomAccess.Read(_index, record, line * IndexRecord.Size) < IndexRecord.Size ? 0 : IndexRecord.ReadEnd(record);
    }

    public IReadOnlyList<LogLine> ReadLines(long from, int limit, long total)
    {
        from = Math.Max(1, from);
        var count = (int)Math.Min(limit, total - from + 1);
        if (count <= 0) return [];

        // One record more than lines: a line starts where the one before ends.
        var index = new byte[(count + 1) * IndexRecord.Size];
        var read = RandomAccess.Read(_index, index, (from - 1) * IndexRecord.Size);
        count = Math.Min(count, (read / IndexRecord.Size) - 1);
        var fit = 0;
        for (long bytes = 0; fit < count && (fit == 0 || bytes <= PageCap); fit++) bytes += Math.Min(LineCap, LengthAt(index, fit));
        if (fit <= 0) return [];

        var start = IndexRecord.ReadEnd(index);
        var span = IndexRecord.ReadEnd(index.AsSpan(fit * IndexRecord.Size)) - start;
        var whole = span <= 2 * PageCap ? ReadText(start, (int)span) : null;
        var tasks = new TaskNames(_tasksPath);
        var lines = new List<LogLine>(fit);
        for (var i = 0; i < fit; i++)
        {
            var offset = IndexRecord.ReadEnd(index.AsSpan(i * IndexRecord.Size));
            var length = LengthAt(index, i);
            var shown = (int)Math.Min(length, LineCap);
            var bytes = whole is null ? ReadText(offset, shown) : whole.AsSpan((int)(offset - start), shown);
            if (IndexRecord.Read(index.AsSpan((i + 1) * IndexRecord.Size)) is not { IsEnd: false } record) break;
            lines.Add(new LogLine(from + i, record.At, (LogSource)record.Source, tasks[record.Task], Show(bytes, length)));
        }
        return lines;
    }

    public TaskLines CountTask(string task, long total, CancellationToken cancellationToken)
    {
        var number = task.Length == 0 ? 0 : new TaskNames(_tasksPath).Find(task);
        if (number < 0) return default;
        var chunk = new byte[IndexRecord.Size * 8192];
        long printed = 0, line = 1;
        long? first = null, last = null;
        while (line <= total)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var records = RandomAccess.Read(_index, chunk, line * IndexRecord.Size) / IndexRecord.Size;
            if (records == 0) break;
            for (var i = 0; i < records && line <= total; i++, line++)
            {
                if (IndexRecord.Read(chunk.AsSpan(i * IndexRecord.Size)) is not { IsEnd: false } record || record.Task != number) continue;
                first ??= line;
                last = line;
                if ((LogSource)record.Source is LogSource.Out or LogSource.Err) printed++;
            }
        }
        return new TaskLines(printed, first, last);
    }

    /// <summary>Text of a line as it is shown: whole, or its beginning and a marker.</summary>
    /// <param name="bytes">The line, at most <see cref="LineCap"/> of it.</param>
    /// <param name="length">Bytes the whole line has.</param>
    public static string Show(ReadOnlySpan<byte> bytes, long length)
    {
        if (length <= LineCap) return Encoding.UTF8.GetString(bytes);
        var end = Math.Min(LineCap, bytes.Length);
        while (end > 0 && end < bytes.Length && (bytes[end] & 0xC0) == 0x80) end--;
        // The byte behind the cap was not read: step back over a character that may be unfinished.
        if (end == bytes.Length)
        {
            var lead = end - 1;
            while (lead > 0 && lead > end - 4 && (bytes[lead] & 0xC0) == 0x80) lead--;
            var need = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : bytes[lead] >= 0xC0 ? 2 : 1;
            if (lead + need > end) end = lead;
        }
        return Encoding.UTF8.GetString(bytes[..end]) + string.Create(CultureInfo.InvariantCulture, $" … [{length - end:N0} bytes of this line are left out; the raw log has them]");
    }

    /// <summary>The text up to an offset; the stream owns the file from then on.</summary>
    public Stream TakeText(long length)
    {
        var stream = new BoundedStream(Text, length);
        _text = null;
        return stream;
    }

    public void Dispose()
    {
        _text?.Dispose();
        _index.Dispose();
    }

    private (long Count, bool Ended) Count()
    {
        var textLength = RandomAccess.GetLength(Text);
        var count = (RandomAccess.GetLength(_index) / IndexRecord.Size) - 1;
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        for (; count > 0; count--)
        {
            if (RandomAccess.Read(_index, bytes, count * IndexRecord.Size) < IndexRecord.Size) continue;
            if (IndexRecord.Read(bytes) is not { } record || record.End > textLength) continue;
            return record.IsEnd ? (count - 1, true) : (count, false);
        }
        return (0, false);
    }

    private static long LengthAt(ReadOnlySpan<byte> index, int i) =>
        Math.Max(0, IndexRecord.ReadEnd(index[((i + 1) * IndexRecord.Size)..]) - IndexRecord.ReadEnd(index[(i * IndexRecord.Size)..]) - 1);

    private byte[] ReadText(long offset, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(Text, bytes.AsSpan(done), offset + done);
            if (read == 0) break;
            done += read;
        }
        return bytes;
    }

    private static SafeFileHandle OpenShared(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
