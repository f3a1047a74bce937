using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>
/// Several logs read as one. Nothing of their text is stored twice: the records say which lines of which log come next, and everything is read from there. Lines of a log that is
/// gone keep their numbers and are passed over; in the text they are empty ones.
/// </summary>
internal sealed class TimelineLog : ILogData
{
    private const int Looks = 50;

    private readonly SafeFileHandle _records;
    private readonly TaskNames _names;
    private readonly string _folder;
    private readonly long _count;

    /// <summary>As it was when the timeline was opened: whoever writes lets the last record grow in its place, and reading it in that moment would read a torn one.</summary>
    private readonly TimelineRecord _last;

    private readonly ConcurrentDictionary<int, Lazy<LogFiles?>> _open = new();
    private readonly Lazy<TimelineGone> _gone;

    private TimelineLog(SafeFileHandle records, TaskNames names, string path)
    {
        (_records, _names, _folder) = (records, names, Path.GetDirectoryName(path)!);
        _gone = new(() => TimelineGone.Of(records, path, TimelineFiles.Members(names.All)));
        _count = (RandomAccess.GetLength(records) / TimelineRecord.Size) - 1;
        // It may be written in this moment. One that stays torn was written by a process that was killed.
        var patience = new SpinWait();
        while (true)
        {
            if (TimelineRecord.Read(records, _count) is { } last)
            {
                _last = last;
                return;
            }

            if (patience.Count < Looks) patience.SpinOnce();
            else _count--;
        }
    }

    public IReadOnlyList<string> Tasks => [.. TimelineFiles.Members(_names.All).Select(m => m.Name)];

    public long FirstLine => 1;

    public long FirstOffset => 0;

    public IReadOnlyList<LineRange> Gone => _gone.Value.Ranges;

    public long LastGone => _gone.Value.Ranges is { Count: > 0 } ranges ? ranges[^1].To : 0;

    public LogPruned? Pruned => _gone.Value.Pruned;

    /// <summary>Null when there is no such timeline.</summary>
    public static TimelineLog? Open(LogPaths paths)
    {
        var files = TimelineFiles.Of(paths);
        if (!File.Exists(files.Records)) return null;
        try
        {
            var records = File.OpenHandle(files.Records, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new TimelineLog(records, TaskNames.Open(files.Logs), files.Records);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public LogState State() => new(Record(_count).LineEnd, false);

    public bool ShowsOtherwise => _open.Values.Any(l => l is { IsValueCreated: true, Value.ShowsOtherwise: true });

    public LogLine Shown(LogLine line)
    {
        var number = Find(line.Number - 1, r => r.LineEnd);
        if (number > _count) return line;
        var (before, record) = (Record(number - 1), Record(number));
        return LogOf(record) is { ShowsOtherwise: true } log
            ? log.Shown(line with { Number = record.FirstLine + line.Number - before.LineEnd - 1 }) with { Number = line.Number, Task = line.Task }
            : line;
    }

    public int ReadText(long offset, Span<byte> to)
    {
        var done = 0;
        for (var number = Find(offset, r => r.TextEnd); number <= _count && done < to.Length;)
        {
            var (before, record) = (Record(number - 1), Record(number));
            var (lines, bytes) = Missing(before, record);
            var skip = offset + done - before.TextEnd;
            var end = skip < bytes ? bytes : record.TextEnd - before.TextEnd;
            var part = to.Slice(done, (int)Math.Min(to.Length - done, end - skip));
            if (skip < bytes) Blank(part, bytes, skip, lines, NameOf(record));
            else if (LogOf(record)!.ReadText(record.TextStart + skip, part) < part.Length) break;
            done += part.Length;
            if (skip + part.Length == record.TextEnd - before.TextEnd) number++;
        }

        return done;
    }

    public int ReadEntries(long line, Span<LineEntry> to)
    {
        var done = 0;
        for (var number = Find(line - 1, r => r.LineEnd); line > 0 && number <= _count && done < to.Length;)
        {
            var (before, record) = (Record(number - 1), Record(number));
            var (lines, bytes) = Missing(before, record);
            var skip = line + done - 1 - before.LineEnd;
            var end = skip < lines ? lines : record.LineEnd - before.LineEnd;
            var part = to.Slice(done, (int)Math.Min(to.Length - done, end - skip));
            if (skip < lines) Empty(part, before.TextEnd, skip, lines, bytes, record.Log);
            else if (LogOf(record)!.ReadEntries(record.FirstLine + skip, part) == part.Length) Move(part, before.TextEnd - record.TextStart, record.Log);
            else break;
            done += part.Length;
            if (skip + part.Length == record.LineEnd - before.LineEnd) number++;
        }

        return done;
    }

    public IEnumerable<LogPiece> Pieces(long totalLines) => LineRange.Without(Gone, totalLines).SelectMany(r => LogPiece.Cut(r.From, r.To, EndOf, LastWithin));

    public void Dispose()
    {
        _records.Dispose();
        _names.Dispose();
        foreach (var log in _open.Values.Where(l => l.IsValueCreated)) log.Value?.Dispose();
    }

    private TimelineRecord Record(long number) => number == _count ? _last : TimelineRecord.Read(_records, number) ?? throw new IOException($"Record {number} of a timeline is damaged.");

    private LogFiles? LogOf(TimelineRecord record) => _open.GetOrAdd(record.Log, number => new Lazy<LogFiles?>(() =>
    {
        var members = TimelineFiles.Members(_names.All);
        return number <= members.Count ? LogFiles.Open(LogPaths.Of(_folder, members[number - 1].LogId)) : null;
    })).Value;

    /// <summary>The first record that ends behind a place.</summary>
    private long Find(long place, Func<TimelineRecord, long> end)
    {
        var (low, high) = (1L, _count + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (end(Record(middle)) > place) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private long EndOf(long line)
    {
        if (line < 1) return 0;
        Span<LineEntry> entry = stackalloc LineEntry[1];
        return ReadEntries(line, entry) == 0 ? Record(_count).TextEnd : entry[0].End;
    }

    /// <summary>The last line that ends at or before an offset; one less than <paramref name="first"/> when that one does not.</summary>
    private long LastWithin(long offset, long first, long last)
    {
        var (low, high) = (first - 1, last);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (EndOf(middle) <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private static void Move(Span<LineEntry> entries, long by, ushort log)
    {
        foreach (ref var entry in entries) entry = entry with { Start = entry.Start + by, End = entry.End + by, Task = log };
    }

    /// <summary>How much of a record's beginning its log does not have any more: all of it when the log was pruned, some when its oldest lines were dropped.</summary>
    private (long Lines, long Bytes) Missing(TimelineRecord before, TimelineRecord record)
    {
        var all = (record.LineEnd - before.LineEnd, record.TextEnd - before.TextEnd);
        if (LogOf(record) is not { } log) return all;
        var lines = log.FirstLine - record.FirstLine;
        if (lines <= 0) return (0, 0);
        return lines >= all.Item1 ? all : (lines, log.EndOf(log.FirstLine - 1) - record.TextStart);
    }

    private string NameOf(TimelineRecord record) => TimelineFiles.Members(_names.All) is var members && record.Log <= members.Count ? members[record.Log - 1].Name : "an instance";

    /// <summary>Lines that are gone are empty ones, and the last of them has what is left of their bytes. Whoever reads lines passes them over.</summary>
    private void Empty(Span<LineEntry> entries, long offset, long skip, long lines, long bytes, ushort log)
    {
        var at = Pruned?.At.UtcTicks ?? RecordsFrom().Ticks;
        for (var i = 0; i < entries.Length; i++)
        {
            var number = skip + i;
            entries[i] = new LineEntry(offset + number, offset + (number == lines - 1 ? bytes : number + 1), at, log, LogSource.Sys);
        }
    }

    private DateTime RecordsFrom() => File.GetLastWriteTimeUtc(_records);

    /// <summary>The last line says what was here, where there is room for it.</summary>
    private static void Blank(Span<byte> text, long length, long skip, long lines, string name)
    {
        var said = Encoding.UTF8.GetBytes(new LogGap(lines, length, null, null, $"they were removed from the log of {name}").ToString());
        var from = length - 1 - said.Length;
        if (from < lines - 1) from = long.MaxValue;
        for (var i = 0; i < text.Length; i++)
        {
            var at = skip + i;
            text[i] = at < lines - 1 || at == length - 1 ? (byte)'\n' : at < from ? (byte)' ' : said[(int)(at - from)];
        }
    }
}
