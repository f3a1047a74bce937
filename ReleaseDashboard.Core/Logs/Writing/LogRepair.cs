using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// Opens the files of a log for appending and brings them to a state in which both end at the same line. A killed process leaves text without records: that was never
/// acknowledged and is cut off without a word. A machine that lost power may have lost acknowledged lines: what is left is kept, and what is lost is said.
/// </summary>
internal static class LogRepair
{
    /// <summary>Records at the end that are compared with their text; what is older had its time to reach the disk.</summary>
    private const int Doubted = 4096;

    /// <param name="Notice">A line to write into the log; null when nothing that was acknowledged is missing.</param>
    /// <param name="Gap">What is lost, as far as it is known; null when nothing is.</param>
    internal sealed record Opened(SafeFileHandle Text, SafeFileHandle Index, IndexHeader Header, long TextEnd, long Lines, string? Notice, LogGap? Gap);

    public static Opened Open(LogPaths paths, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Text)!);
        var index = OpenForWriting(paths.Index);
        SafeFileHandle? text = null;
        try
        {
            var header = ReadHeader(index) ?? After(paths, index);
            text = OpenForWriting(paths.TextOf(header ?? default));
            var written = new DateTimeOffset(File.GetLastWriteTimeUtc(paths.TextOf(header ?? default)), TimeSpan.Zero);
            var opened = Repair(text, index, header, written, clock);
            // Half of a drop of older lines that was not carried out, or the text of before it.
            File.Delete(paths.TextOf(opened.Header with { Second = !opened.Header.Second }));
            return opened;
        }
        catch
        {
            index.Dispose();
            text?.Dispose();
            throw;
        }
    }

    /// <summary>Works in places of the files; numbers of lines and offsets of the text are more by what the header says was dropped before.</summary>
    private static Opened Repair(SafeFileHandle text, SafeFileHandle index, IndexHeader? found, DateTimeOffset written, TimeProvider clock)
    {
        var header = found ?? default;
        var textLength = RandomAccess.GetLength(text);
        var records = (RandomAccess.GetLength(index) / IndexRecord.Size) - 1;
        var indexLost = found is null && (textLength > 0 || records >= 0);
        if (indexLost || records < 0)
        {
            RandomAccess.SetLength(index, 0);
            Span<byte> first = stackalloc byte[IndexRecord.Size];
            header.Write(first);
            RandomAccess.Write(index, first, 0);
            records = 0;
        }

        var tail = ProveTail(text, index, header.Offset, records, textLength);
        var (lines, end) = (tail.Lines, tail.End);
        string? notice = null;
        LogGap? gap = null;
        if (tail.Promised > tail.Lines || indexLost)
        {
            if (written > clock.GetUtcNow()) written = clock.GetUtcNow();
            (lines, end) = Salvage(text, index, header.Offset, tail.Lines, tail.End, textLength, written);
            notice = Say(tail, lines, header.Lines);
            gap = Lost(tail, lines, end, textLength);
        }
        if (textLength > end) RandomAccess.SetLength(text, end);
        RandomAccess.SetLength(index, (lines + 1) * IndexRecord.Size);
        return new Opened(text, index, header, header.Offset + end, header.Lines + lines, notice, gap);
    }

    /// <param name="Lines">Last line whose record and text belong together.</param>
    /// <param name="Promised">Lines the index has records of.</param>
    /// <param name="PromisedEnd">Where the text of the last of them should end.</param>
    private readonly record struct Tail(long Lines, long End, long Promised, long PromisedEnd);

    private static Tail ProveTail(SafeFileHandle text, SafeFileHandle index, long before, long records, long textLength)
    {
        // From a record that is right on its face; the end mark is dropped: whoever opens a log goes on with it.
        var first = Math.Max(0, records - Doubted);
        while (first > 0 && (ReadRecord(index, before, first) is not { } r || r.End > textLength)) first = Math.Max(0, first - Doubted);
        var lines = first;
        var end = first == 0 ? 0 : ReadRecord(index, before, first)!.Value.End;
        var promised = first;
        var promisedEnd = end;
        var broken = false;
        for (var n = first + 1; n <= records; n++)
        {
            var record = ReadRecord(index, before, n);
            if (record is { IsEnd: true }) continue;
            promised = n;
            promisedEnd = Math.Max(promisedEnd, record?.End ?? 0);
            broken = broken || record is null || !Proven(text, end, record.Value, textLength);
            if (broken) continue;
            (lines, end) = (n, record!.Value.End);
        }
        return new Tail(lines, end, promised, promisedEnd);
    }

    private static bool Proven(SafeFileHandle text, long start, IndexRecord record, long textLength)
    {
        if (record.End <= start || record.End > textLength) return false;
        var bytes = new byte[record.End - start];
        return RandomAccess.Read(text, bytes, start) == bytes.Length && bytes[^1] == '\n' && IndexRecord.Sum(bytes.AsSpan(0, bytes.Length - 1)) == record.TextSum;
    }

    /// <summary>New records for complete lines whose own are missing or doubtful.</summary>
    private static (long Lines, long End) Salvage(SafeFileHandle text, SafeFileHandle index, long before, long lines, long end, long textLength, DateTimeOffset at)
    {
        using var stream = new FileStream(new SafeFileHandle(text.DangerousGetHandle(), ownsHandle: false), FileAccess.Read);
        stream.Position = end;
        var record = new byte[IndexRecord.Size];
        var line = new List<byte>();
        while (stream.Position < textLength)
        {
            var b = stream.ReadByte();
            if (b < 0) break;
            if (b != '\n')
            {
                line.Add((byte)b);
                continue;
            }
            end += line.Count + 1;
            lines++;
            new IndexRecord(before + end, at.UtcTicks, 0, (byte)LogSource.Out, IndexRecord.Sum(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line))).Write(record);
            RandomAccess.Write(index, record, lines * IndexRecord.Size);
            line.Clear();
        }
        return (lines, end);
    }

    private static string Say(Tail tail, long lines, long before)
    {
        var kept = lines > tail.Lines ? $" Lines {before + tail.Lines + 1}–{before + lines} were saved, but when they were written, and by which task, is not known." : "";
        return "This log was damaged when the machine stopped unexpectedly." + kept;
    }

    private static LogGap? Lost(Tail tail, long lines, long end, long textLength)
    {
        var lostLines = Math.Max(0, tail.Promised - lines);
        var lostBytes = Math.Max(Math.Max(0, tail.PromisedEnd - end), textLength - end);
        return lostLines == 0 && lostBytes == 0 ? null : new LogGap(lostLines, lostBytes, null, null, "the machine stopped before they were on its disk");
    }

    private static IndexRecord? ReadRecord(SafeFileHandle index, long before, long n)
    {
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        return RandomAccess.Read(index, bytes, n * IndexRecord.Size) < IndexRecord.Size || IndexRecord.Read(bytes) is not { } record ? null : record with { End = record.End - before };
    }

    private static IndexHeader? ReadHeader(SafeFileHandle index)
    {
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        return RandomAccess.Read(index, bytes, 0) == IndexRecord.Size ? IndexHeader.Read(bytes) : null;
    }

    /// <summary>A log whose lines were pruned goes on with the next number.</summary>
    private static IndexHeader? After(LogPaths paths, SafeFileHandle index)
    {
        if (RandomAccess.GetLength(index) > 0 || File.Exists(paths.Text) || new PrunedNote(paths.Pruned).Read() is not { } gone) return null;
        var header = new IndexHeader(gone.Bytes, gone.Lines, false);
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        header.Write(bytes);
        RandomAccess.Write(index, bytes, 0);
        return header;
    }

    private static SafeFileHandle OpenForWriting(string path) => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
