using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Lines out of Docker's multiplexed stream. A frame is <c>[stream, 0, 0, 0, length:4 big-endian]</c> and one message: a line, or a part of one, since
/// Docker cuts lines at 16 KiB. Every part begins with a timestamp of its own (<c>2026-01-02T03:04:05.123456789Z </c>) and only the last part ends with a newline.
/// </summary>
/// <param name="keepUnfinished">Whether a line without an end counts when the stream ends.</param>
internal sealed class OutputFrames(Stream stream, bool keepUnfinished = true)
{
    /// <summary>Docker cuts lines after this many bytes. A shorter part without a line feed is where a process ended in the middle of a line.</summary>
    private const int PartSize = 16 << 10;

    /// <summary>A line longer than this is given in pieces: a process that never ends its line must not fill our memory.</summary>
    private const int LongestLine = 16 << 20;

    private readonly PipeReader _stream = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, minimumReadSize: 4096));
    private readonly byte[] _header = new byte[8];
    private readonly Part[] _parts = [new(LogSource.Out), new(LogSource.Err)];
    private byte[] _payload = new byte[32 << 10];

    /// <summary>The next line; null at the end.</summary>
    public async ValueTask<OutputLine?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(_header, cancellationToken))
        {
            var length = (_header[4] << 24) | (_header[5] << 16) | (_header[6] << 8) | _header[7];
            if (length > _payload.Length) _payload = new byte[length];
            if (!await FillAsync(_payload.AsMemory(0, length), cancellationToken)) break;
            var part = _parts[_header[0] == 2 ? 1 : 0];
            if (part.Add(_payload.AsSpan(0, length)) || part.Length >= LongestLine) return part.Take();
        }

        return keepUnfinished ? Array.Find(_parts, p => p.Begun)?.Take() : null;
    }

    private async ValueTask<bool> FillAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        var read = await _stream.ReadAtLeastAsync(target.Length, cancellationToken);
        var filled = read.Buffer.Length >= target.Length;
        var taken = read.Buffer.Slice(0, filled ? target.Length : 0);
        taken.CopyTo(target.Span);
        _stream.AdvanceTo(taken.End);
        return filled;
    }

    private sealed class Part(LogSource source)
    {
        private ArrayBufferWriter<byte> _text = new();
        private DateTimeOffset _at;

        public bool Begun { get; private set; }
        public int Length => _text.WrittenCount;

        /// <summary>True when the line is complete.</summary>
        public bool Add(ReadOnlySpan<byte> message)
        {
            var space = message.IndexOf((byte)' ');
            if (space > 0 && DateTimeOffset.TryParse(Encoding.ASCII.GetString(message[..space]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                if (!Begun) _at = at;
                message = message[(space + 1)..];
            }

            Begun = true;
            var ended = message is [.., (byte)'\n'];
            _text.Write(ended ? message[..^1] : message);
            return ended || message.Length < PartSize;
        }

        /// <summary>Decoded as a whole, so that a character cut in two by a frame is one again; what is not UTF-8 becomes U+FFFD.</summary>
        public OutputLine Take()
        {
            var bytes = _text.WrittenSpan;
            if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
            var line = new OutputLine(_at, source, Encoding.UTF8.GetString(bytes));
            if (_text.Capacity > 1 << 20) _text = new ArrayBufferWriter<byte>();
            else _text.ResetWrittenCount();
            Begun = false;
            return line;
        }
    }
}
