using System.Buffers.Binary;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>
/// Printed bytes out of an attached stream, as many at a time as have arrived. A frame is <c>[stream, 0, 0, 0, length:4 big-endian]</c> and bytes as the process wrote them,
/// cut anywhere. Frames of one source that follow each other are pushed together in the buffer they arrived in.
/// </summary>
internal sealed class AttachedFrames(Stream stream)
{
    private const int HeaderSize = 8;

    /// <summary>Free bytes in front of what is read: room for the begun line that the reader puts there.</summary>
    private const int Headroom = 4 << 10;

    private const int SmallBuffer = 16 << 10;
    private const int LargeBuffer = 512 << 10;

    private byte[] _buffer = new byte[SmallBuffer];
    private int _start = Headroom;
    private int _end = Headroom;
    private int _left;
    private LogSource _source;

    /// <param name="Buffer">Where the bytes are; those before <paramref name="Start"/> are free to be used.</param>
    public readonly record struct Run(LogSource Source, byte[] Buffer, int Start, int Length);

    /// <summary>Bytes of one source, never none; null at the end. They are gone with the next call.</summary>
    public async ValueTask<Run?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Take() is { } run) return run;
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) return null;
            _end += read;
        }
    }

    private Run? Take()
    {
        if (_left == 0 && !Header()) return null;
        if (_left > 0 && _start == _end) return null;
        var (source, begin, to) = (_source, _start, _start);
        while (true)
        {
            var part = Math.Min(_left, _end - _start);
            if (to != _start) Buffer.BlockCopy(_buffer, _start, _buffer, to, part);
            to += part;
            _start += part;
            _left -= part;
            if (_left > 0 || !Header() || _source != source || _start == _end) break;
        }

        return to == begin ? Take() : new Run(source, _buffer, begin, to - begin);
    }

    /// <summary>Reads the next header that announces bytes; false when it has not arrived.</summary>
    private bool Header()
    {
        while (_left == 0)
        {
            if (_end - _start < HeaderSize) return false;
            _source = _buffer[_start] == 2 ? LogSource.Err : LogSource.Out;
            _left = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 4));
            if (_left < 0) throw new IOException("Docker sent a frame that is none.");
            _start += HeaderSize;
        }

        return true;
    }

    private void MakeRoom()
    {
        var kept = _end - _start;
        var full = _end == _buffer.Length;
        var target = full && _buffer.Length < LargeBuffer ? new byte[_buffer.Length * 4 < LargeBuffer ? _buffer.Length * 4 : LargeBuffer] : _buffer;
        if (target != _buffer || _start > Headroom) Buffer.BlockCopy(_buffer, _start, target, Headroom, kept);
        else return;
        _buffer = target;
        (_start, _end) = (Headroom, Headroom + kept);
    }
}
