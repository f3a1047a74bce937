using Microsoft.Win32.SafeHandles;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// Drops the oldest lines of a log that is being written. The lines that stay are copied to a text file of the other name; one rename of the index then makes
/// both new at once, and a process that is killed before it leaves the log as it was.
/// </summary>
internal static class Halving
{
    private const int Piece = 1024 * 1024;

    public static (SafeFileHandle Text, SafeFileHandle Index, IndexHeader Header) Run(
        LogPaths paths, SafeFileHandle text, SafeFileHandle index, IndexHeader header, long lines, long textEnd, long keep)
    {
        var last = LastToGo(index, header, lines, textEnd - keep);
        var from = EndOf(index, header, last);
        var next = new IndexHeader(from, last, !header.Second);
        var newText = Make(paths.TextOf(next));
        SafeFileHandle? newIndex = null;
        try
        {
            newIndex = Make(paths.Index + LogPaths.Unfinished);
            Copy(text, from - header.Offset, newText, 0, textEnd - from);
            Span<byte> bytes = stackalloc byte[IndexRecord.Size];
            next.Write(bytes);
            RandomAccess.Write(newIndex, bytes, 0);
            Copy(index, (last - header.Lines + 1) * IndexRecord.Size, newIndex, IndexRecord.Size, (lines - last) * IndexRecord.Size);
            RandomAccess.FlushToDisk(newText);
            RandomAccess.FlushToDisk(newIndex);
            File.Move(paths.Index + LogPaths.Unfinished, paths.Index, overwrite: true);
            return (newText, newIndex, next);
        }
        catch
        {
            newIndex?.Dispose();
            newText.Dispose();
            throw;
        }
    }

    /// <summary>The last line that ends before an offset.</summary>
    private static long LastToGo(SafeFileHandle index, IndexHeader header, long lines, long offset)
    {
        var (low, high) = (header.Lines, lines);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (EndOf(index, header, middle) <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private static long EndOf(SafeFileHandle index, IndexHeader header, long line)
    {
        Span<byte> record = stackalloc byte[IndexRecord.Size];
        RandomAccess.Read(index, record, (line - header.Lines) * IndexRecord.Size);
        return IndexRecord.ReadEnd(record);
    }

    private static void Copy(SafeFileHandle from, long at, SafeFileHandle to, long place, long count)
    {
        var bytes = new byte[Piece];
        while (count > 0)
        {
            var read = RandomAccess.Read(from, bytes.AsSpan(0, (int)Math.Min(Piece, count)), at);
            if (read == 0) throw new InvalidDataException("A log is shorter than its index.");
            RandomAccess.Write(to, bytes.AsSpan(0, read), place);
            (at, place, count) = (at + read, place + read, count - read);
        }
    }

    private static SafeFileHandle Make(string path) => File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
