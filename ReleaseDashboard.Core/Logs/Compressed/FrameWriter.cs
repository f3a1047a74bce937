using System.Buffers.Binary;
using System.Text;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>Makes the <see cref="FrameFile"/> of a log. Memory does not grow with the log, but for 40 bytes for each frame of text.</summary>
internal sealed class FrameWriter : IDisposable
{
    private readonly ILogData _log;
    private readonly FileStream _file;
    private readonly FileStream _index;
    private readonly Compressor _compressor = new(FrameFile.Level);
    private readonly byte[] _plain = new byte[FrameFile.FrameSize];
    private readonly byte[] _packed = new byte[Compressor.GetCompressBound(FrameFile.FrameSize)];
    private readonly List<FrameFile.Frame> _frames = [];
    private readonly List<FrameFile.Page> _pages = [];
    private readonly string _indexPath;
    private long _textOffset;

    /// <param name="path">The file to make, over what may be there of an attempt before.</param>
    public FrameWriter(ILogData log, string path)
    {
        _log = log;
        _textOffset = log.FirstOffset;
        _indexPath = path + ".index";
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 128 * 1024);
        _index = new FileStream(_indexPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024);
    }

    /// <summary>The whole file is on the disk when this ends.</summary>
    /// <param name="breathe">Called between pieces of work of a few milliseconds.</param>
    public async Task WriteAsync(long endTicks, Func<CancellationToken, ValueTask> breathe, CancellationToken cancellationToken)
    {
        var total = _log.State().TotalLines;
        var entries = new LineEntry[FrameFile.PageLines];
        var frame = new FrameFile.Frame(0, 0, _textOffset, 0, _log.FirstLine, 0, false);
        for (var line = _log.FirstLine; line <= total;)
        {
            var read = _log.ReadEntries(line, entries.AsSpan(0, (int)Math.Min(entries.Length, total - line + 1)));
            if (read == 0) throw new InvalidDataException($"Line {line} of the log cannot be read.");
            AddPage(entries.AsSpan(0, read));
            for (var i = 0; i < read; i++)
            {
                var size = entries[i].End - entries[i].Start;
                if (frame.Length + size > FrameFile.FrameSize)
                {
                    if (frame.Length > 0) AddFrame(frame);
                    await breathe(cancellationToken);
                    frame = new(0, 0, _textOffset, 0, line + i, 0, false);
                }
                if (size <= FrameFile.FrameSize)
                {
                    frame = frame with { Length = frame.Length + (int)size, Lines = frame.Lines + 1 };
                    continue;
                }
                await AddPartsAsync(line + i, size, breathe, cancellationToken);
                frame = new(0, 0, _textOffset, 0, line + i + 1, 0, false);
            }
            line += read;
        }
        if (frame.Length > 0) AddFrame(frame);
        await EndAsync(total, endTicks, cancellationToken);
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _file.Dispose();
        _index.Dispose();
        File.Delete(_indexPath);
    }

    private async Task AddPartsAsync(long line, long size, Func<CancellationToken, ValueTask> breathe, CancellationToken cancellationToken)
    {
        for (var left = size; left > 0;)
        {
            var part = (int)Math.Min(left, FrameFile.FrameSize);
            left -= part;
            AddFrame(new(0, 0, _textOffset, part, line, left == 0 ? 1 : 0, true));
            await breathe(cancellationToken);
        }
    }

    private void AddFrame(FrameFile.Frame frame)
    {
        var text = _plain.AsSpan(0, frame.Length);
        if (_log.ReadText(_textOffset, text) < text.Length) throw new InvalidDataException($"The text of line {frame.FirstLine} cannot be read.");
        var stored = _compressor.Wrap(text, _packed);
        _frames.Add(frame with { Offset = _file.Position, Stored = stored, TextOffset = _textOffset });
        _file.Write(_packed, 0, stored);
        _textOffset += frame.Length;
    }

    private void AddPage(ReadOnlySpan<LineEntry> entries)
    {
        var length = IndexPage.Encode(entries, _plain);
        var stored = _compressor.Wrap(_plain.AsSpan(0, length), _packed);
        _pages.Add(new(_index.Position, stored, length, entries[0].Start, entries[0].Ticks));
        _index.Write(_packed, 0, stored);
    }

    private async Task EndAsync(long lines, long endTicks, CancellationToken cancellationToken)
    {
        var names = Encoding.UTF8.GetBytes(string.Concat(_log.Tasks.Select(t => t + "\n")));
        var tasks = names.Length == 0 ? [] : _compressor.Wrap(names).ToArray();
        var start = _file.Position + FrameFile.SkippedHeader;
        var described = new byte[tasks.Length + (_frames.Count * FrameFile.Frame.Size) + (_pages.Count * FrameFile.Page.Size)];
        tasks.CopyTo(described, 0);
        var at = tasks.Length;
        foreach (var frame in _frames)
        {
            frame.Write(described.AsSpan(at));
            at += FrameFile.Frame.Size;
        }
        foreach (var page in _pages)
        {
            (page with { Offset = start + page.Offset }).Write(described.AsSpan(at));
            at += FrameFile.Page.Size;
        }

        var tasksAt = start + _index.Length;
        var trailer = new byte[FrameFile.Trailer.Size];
        new FrameFile.Trailer(lines, _textOffset, endTicks, tasksAt, tasks.Length, names.Length, tasksAt + tasks.Length, _frames.Count, _pages.Count, _log.FirstLine, _log.FirstOffset, IndexRecord.Sum(described)).Write(trailer);
        var size = _index.Length + described.Length + trailer.Length;
        _file.Write(Skipped(FrameFile.SkippedMagic, size));
        _index.Position = 0;
        await _index.CopyToAsync(_file, cancellationToken);
        _file.Write(described);
        _file.Write(trailer);
        _file.Write(SeekTable(FrameFile.SkippedHeader + size));
        await _file.FlushAsync(cancellationToken);
        _file.Flush(flushToDisk: true);
    }

    private byte[] SeekTable(long indexFrame)
    {
        var content = ((_frames.Count + 1) * FrameFile.TableEntry) + FrameFile.TableFooter;
        var table = new byte[FrameFile.SkippedHeader + content];
        Skipped(FrameFile.TableMagic, content).CopyTo(table, 0);
        var at = FrameFile.SkippedHeader;
        foreach (var (stored, length) in _frames.Select(f => ((long)f.Stored, f.Length)).Append((indexFrame, 0)))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(at), (uint)stored);
            BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(at + 4), length);
            at += FrameFile.TableEntry;
        }
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(at), _frames.Count + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(at + 5), FrameFile.SeekableMagic);
        return table;
    }

    private static byte[] Skipped(uint magic, long size)
    {
        var header = new byte[FrameFile.SkippedHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(header, magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), checked((uint)size));
        return header;
    }
}
