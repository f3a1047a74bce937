using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>A log in a <see cref="FrameFile"/>. Holds its directories (40 bytes for each frame, 32 for 4,096 lines) and the frame and page read last.</summary>
internal sealed partial class FrameLog : ILogData
{
    private readonly SafeFileHandle _file;
    private readonly FrameFile.Trailer _trailer;
    private readonly FrameFile.Frame[] _frames;
    private readonly FrameFile.Page[] _pages;
    private volatile Held<byte>? _frame;
    private volatile Held<LineEntry>? _page;
    private volatile string[]? _tasks;

    private FrameLog(SafeFileHandle file, FrameFile.Trailer trailer, FrameFile.Frame[] frames, FrameFile.Page[] pages) => (_file, _trailer, _frames, _pages) = (file, trailer, frames, pages);

    /// <summary>What was read last, and which it was: pages of lines and downloads go on where they stopped.</summary>
    private sealed record Held<T>(int Number, T[] Items);

    public IReadOnlyList<string> Tasks => _tasks ??= ReadTasks();

    public long FirstLine => _trailer.FirstLine;

    public long FirstOffset => _trailer.FirstOffset;

    /// <summary>When the log ended.</summary>
    public long EndTicks => _trailer.EndTicks;

    /// <summary>Null when there is no such log, or not in this form. Of a file that is damaged what can be read is there, and gaps say what cannot.</summary>
    public static FrameLog? Open(LogPaths paths)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(paths.Compressed, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            return Read(file);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return Salvage(file, paths.Compressed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public LogState State() => new(_trailer.Lines, true);

    public int ReadText(long offset, Span<byte> to)
    {
        var done = 0;
        for (var i = FrameAt(offset); i < _frames.Length && done < to.Length; i++)
        {
            var frame = _frames[i];
            var skip = (int)(offset + done - frame.TextOffset);
            var wanted = Math.Min(frame.Length - skip, to.Length - done);
            if (wanted < frame.Length || !TryUnwrap(i, to.Slice(done, wanted))) Frame(i).AsSpan(skip, wanted).CopyTo(to[done..]);
            done += wanted;
        }
        return done;
    }

    public int ReadEntries(long line, Span<LineEntry> to)
    {
        var done = 0;
        while (done < to.Length && line >= FirstLine && line <= _trailer.Lines)
        {
            var number = (int)((line - FirstLine) / FrameFile.PageLines);
            var found = Page(number).AsSpan((int)((line - FirstLine) % FrameFile.PageLines));
            found = found[..Math.Min(found.Length, to.Length - done)];
            found.CopyTo(to[done..]);
            done += found.Length;
            line += found.Length;
        }
        return done;
    }

    public IEnumerable<LogPiece> Pieces(long totalLines)
    {
        for (var i = 0; i < _frames.Length && _frames[i].FirstLine <= totalLines; i++)
        {
            var frame = _frames[i];
            if (frame.IsPart)
            {
                // A line larger than a frame has frames of its own.
                long length = frame.Length;
                while (_frames[i].Lines == 0) length += _frames[++i].Length;
                var cut = length > LogPiece.Size;
                yield return new LogPiece(frame.TextOffset, cut ? LogFiles.LineCap : (int)length, frame.FirstLine, cut ? 0 : 1, cut);
                continue;
            }
            var lines = (int)Math.Min(frame.Lines, totalLines - frame.FirstLine + 1);
            yield return new LogPiece(frame.TextOffset, lines == frame.Lines ? frame.Length : (int)(EndOf(totalLines) - frame.TextOffset), frame.FirstLine, lines, IsCut: false);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FrameLog Read(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var footer = ReadBytes(file, length - FrameFile.TableFooter, FrameFile.TableFooter);
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer.AsSpan(5)) != FrameFile.SeekableMagic) throw new InvalidDataException("It does not end as a compressed log ends.");
        var entries = BinaryPrimitives.ReadInt32LittleEndian(footer);
        var tableStart = length - FrameFile.TableFooter - ((long)entries * FrameFile.TableEntry);
        var table = ReadBytes(file, tableStart, entries * FrameFile.TableEntry);
        var trailerStart = tableStart - FrameFile.SkippedHeader - FrameFile.Trailer.Size;
        if (FrameFile.Trailer.Read(ReadBytes(file, trailerStart, FrameFile.Trailer.Size)) is not { } trailer) throw new InvalidDataException("Its index is missing.");
        if (trailer.Frames != entries - 1) throw new InvalidDataException("Its index does not belong to its text.");
        var described = ReadBytes(file, trailer.Tasks, (int)(trailerStart - trailer.Tasks));
        if (IndexRecord.Sum(described) != trailer.Sum) throw new InvalidDataException("Its index is not what was written.");

        if (!Fits(file, trailer, ref table)) throw new InvalidDataException("Its text is not where it should be.");
        var directory = described.AsSpan((int)(trailer.Directory - trailer.Tasks));
        var frames = new FrameFile.Frame[trailer.Frames];
        long offset = 0, textOffset = trailer.FirstOffset;
        for (var i = 0; i < frames.Length; i++)
        {
            var stored = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(i * FrameFile.TableEntry));
            var size = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan((i * FrameFile.TableEntry) + 4));
            var own = directory[(i * FrameFile.Frame.Size)..];
            frames[i] = new(offset, stored, textOffset, size, BinaryPrimitives.ReadInt64LittleEndian(own), BinaryPrimitives.ReadInt32LittleEndian(own[8..]), own[12] == 1);
            offset += stored;
            textOffset += size;
        }
        var pages = new FrameFile.Page[trailer.Pages];
        directory = directory[(frames.Length * FrameFile.Frame.Size)..];
        for (var i = 0; i < pages.Length; i++) pages[i] = FrameFile.Page.Read(directory[(i * FrameFile.Page.Size)..]);
        if (!Agree(trailer, frames, pages)) throw new InvalidDataException("Its end says something else than its index.");
        return new FrameLog(file, trailer, frames, pages);
    }

    /// <summary>The frame that has the byte at an offset; one behind the last for an offset behind the text.</summary>
    private int FrameAt(long offset)
    {
        if (offset < FirstOffset || offset >= _trailer.TextEnd) return _frames.Length;
        int low = 0, high = _frames.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_frames[middle].TextOffset <= offset) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private byte[] Frame(int number)
    {
        if (_frame is { } held && held.Number == number) return held.Items;
        var bytes = new byte[_frames[number].Length];
        if (!TryUnwrap(number, bytes)) Blank(number, bytes);
        _frame = new(number, bytes);
        return bytes;
    }

    private LineEntry[] Page(int number)
    {
        if (_page is { } held && held.Number == number) return held.Items;
        var first = FirstLine + ((long)number * FrameFile.PageLines);
        var lines = (int)Math.Min(FrameFile.PageLines, _trailer.Lines - first + 1);
        var entries = ReadPage(number, lines) ?? OfText(first, lines, number < _pages.Length ? _pages[number].Ticks : EndTicks);
        _page = new(number, entries);
        return entries;
    }

    /// <summary>Null when it is damaged, or missing.</summary>
    private LineEntry[]? ReadPage(int number, int lines)
    {
        if (number >= _pages.Length) return null;
        var page = _pages[number];
        try
        {
            var bytes = new byte[page.Length];
            Unwrap(page.Offset, page.Stored, bytes);
            return IndexPage.Decode(bytes, lines, page.TextOffset, page.Ticks);
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private string[] ReadTasks()
    {
        if (_trailer.TasksLength == 0) return [];
        var bytes = new byte[_trailer.TasksLength];
        Unwrap(_trailer.Tasks, _trailer.TasksStored, bytes);
        return Encoding.UTF8.GetString(bytes).Split('\n')[..^1];
    }

    private long EndOf(long line)
    {
        Span<LineEntry> entry = stackalloc LineEntry[1];
        return ReadEntries(line, entry) == 0 ? FirstOffset : entry[0].End;
    }

    private void Unwrap(long offset, int stored, Span<byte> to)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(stored);
        try
        {
            Fill(_file, offset, bytes.AsSpan(0, stored));
            Zstd.Unwrap(bytes.AsSpan(0, stored), to);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static byte[] ReadBytes(SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        Fill(file, offset, bytes);
        return bytes;
    }

    private static void Fill(SafeFileHandle file, long offset, Span<byte> to)
    {
        if (offset < 0) throw new InvalidDataException("It is too short.");
        for (var done = 0; done < to.Length;)
        {
            var read = RandomAccess.Read(file, to[done..], offset + done);
            if (read == 0) throw new InvalidDataException("It is cut off.");
            done += read;
        }
    }
}
