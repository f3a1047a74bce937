using System.Globalization;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Opens the files of a log for appending and brings them to a state in which both end at the same line. A killed process leaves text without records: that was never
/// acknowledged and is cut off without a word. A machine that lost power may have lost acknowledged lines: what is left is kept, and what is lost is said.
/// </summary>
internal static class LogRepair
{
    /// <summary>Records at the end that are compared with their text; what is older had its time to reach the disk.</summary>
    private const int Doubted = 4096;

    /// <param name="Notice">A line to write into the log; null when nothing that was acknowledged is missing.</param>
    internal sealed record Opened(SafeFileHandle Text, SafeFileHandle Index, long TextEnd, long Lines, string? Notice);

    public static Opened Open(LogPaths paths, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Text)!);
        var text = OpenForWriting(paths.Text);
        SafeFileHandle? index = null;
        try
        {
            index = OpenForWriting(paths.Index);
            return Repair(text, index, new DateTimeOffset(File.GetLastWriteTimeUtc(paths.Text), TimeSpan.Zero), clock);
        }
        catch
        {
            index?.Dispose();
            text.Dispose();
            throw;
        }
    }

    private static Opened Repair(SafeFileHandle text, SafeFileHandle index, DateTimeOffset written, TimeProvider clock)
    {
        var textLength = RandomAccess.GetLength(text);
        var records = (RandomAccess.GetLength(index) / IndexRecord.Size) - 1;
        var indexLost = !HasHeader(index) && (textLength > 0 || records >= 0);
        if (indexLost || records < 0)
        {
            RandomAccess.SetLength(index, 0);
            RandomAccess.Write(index, IndexRecord.Header, 0);
            records = 0;
        }

        var tail = ProveTail(text, index, records, textLength);
        var (lines, end) = (tail.Lines, tail.End);
        string? notice = null;
        if (tail.Promised > tail.Lines || indexLost)
        {
            if (written > clock.GetUtcNow()) written = clock.GetUtcNow();
            (lines, end) = Salvage(text, index, tail.Lines, tail.End, textLength, written);
            notice = Say(tail, lines, end, textLength);
        }
        if (textLength > end) RandomAccess.SetLength(text, end);
        RandomAccess.SetLength(index, (lines + 1) * IndexRecord.Size);
        return new Opened(text, index, end, lines, notice);
    }

    /// <param name="Lines">Last line whose record and text belong together.</param>
    /// <param name="Promised">Lines the index has records of.</param>
    /// <param name="PromisedEnd">Where the text of the last of them should end.</param>
    private readonly record struct Tail(long Lines, long End, long Promised, long PromisedEnd);

    private static Tail ProveTail(SafeFileHandle text, SafeFileHandle index, long records, long textLength)
    {
        // From a record that is right on its face; the end mark is dropped: whoever opens a log goes on with it.
        var first = Math.Max(0, records - Doubted);
        while (first > 0 && (ReadRecord(index, first) is not { } r || r.End > textLength)) first = Math.Max(0, first - Doubted);
        var lines = first;
        var end = first == 0 ? 0 : ReadRecord(index, first)!.Value.End;
        var promised = first;
        var promisedEnd = end;
        var broken = false;
        for (var n = first + 1; n <= records; n++)
        {
            var record = ReadRecord(index, n);
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
    private static (long Lines, long End) Salvage(SafeFileHandle text, SafeFileHandle index, long lines, long end, long textLength, DateTimeOffset at)
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
            new IndexRecord(end, at.UtcTicks, 0, (byte)LogSource.Out, IndexRecord.Sum(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line))).Write(record);
            RandomAccess.Write(index, record, lines * IndexRecord.Size);
            line.Clear();
        }
        return (lines, end);
    }

    private static string Say(Tail tail, long lines, long end, long textLength)
    {
        var kept = lines > tail.Lines ? $" Lines {tail.Lines + 1}–{lines} were saved, but when they were written, and by which task, is not known." : "";
        var lostLines = Math.Max(0, tail.Promised - lines);
        var lostBytes = Math.Max(Math.Max(0, tail.PromisedEnd - end), textLength - end);
        var lost = lostLines == 0 && lostBytes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" Lost behind line {lines}: {lostLines:N0} line(s), {lostBytes:N0} bytes.");
        return "This log was damaged when the machine stopped unexpectedly." + kept + lost;
    }

    private static IndexRecord? ReadRecord(SafeFileHandle index, long n)
    {
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        return RandomAccess.Read(index, bytes, n * IndexRecord.Size) < IndexRecord.Size ? null : IndexRecord.Read(bytes);
    }

    private static bool HasHeader(SafeFileHandle index)
    {
        Span<byte> bytes = stackalloc byte[IndexRecord.Size];
        return RandomAccess.Read(index, bytes, 0) == IndexRecord.Size && bytes.SequenceEqual(IndexRecord.Header);
    }

    private static SafeFileHandle OpenForWriting(string path) => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
