using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>A directory of a file that has lost its own: every frame of text that can be read, and lines that say what is missing between and behind them.</summary>
/// <param name="Frames">At least one.</param>
/// <param name="Said">Text of the frames that are no frames but such a line.</param>
internal sealed record FrameSalvage(FrameFile.Frame[] Frames, IReadOnlyDictionary<int, byte[]> Said)
{
    public static FrameSalvage Of(SafeFileHandle file, long length)
    {
        var work = new Work();
        var ended = false;
        for (long at = 0; at < length && !ended;)
        {
            ended = FrameWalk.IsSkipped(file, at);
            if (ended) break;
            if (FrameWalk.Next(file, at) is not { } frame)
            {
                var next = FrameWalk.Find(file, at + 1);
                work.Lose(next - at);
                at = next;
                continue;
            }
            var text = new byte[frame.Length];
            if (TryRead(file, at, frame.Stored, text)) work.Add(at, frame.Stored, text);
            else work.Lose(frame.Stored);
            at += frame.Stored;
        }
        return work.End(ended);
    }

    private static bool TryRead(SafeFileHandle file, long offset, int stored, byte[] text)
    {
        var bytes = new byte[stored];
        if (RandomAccess.Read(file, bytes, offset) < stored) return false;
        try
        {
            Zstd.Unwrap(bytes, text);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private sealed class Work
    {
        private readonly List<FrameFile.Frame> _frames = [];
        private readonly Dictionary<int, byte[]> _said = [];
        private long _line = 1;
        private long _offset;
        private long _lost;
        private int _parts;

        public void Add(long offset, int stored, byte[] text)
        {
            var lines = text.AsSpan().Count((byte)'\n');
            var whole = text is [.., (byte)'\n'];
            // The rest of a line whose beginning is lost.
            if (_lost > 0 && lines == 0)
            {
                Lose(stored);
                return;
            }
            Say();
            _frames.Add(new FrameFile.Frame(offset, stored, _offset, text.Length, _line, lines, !whole || _parts > 0));
            _parts = whole ? 0 : _parts + 1;
            _offset += text.Length;
            _line += lines;
        }

        public void Lose(long bytes)
        {
            // A line whose end is lost goes with it.
            for (; _parts > 0; _parts--)
            {
                bytes += _frames[^1].Stored;
                _offset -= _frames[^1].Length;
                _frames.RemoveAt(_frames.Count - 1);
            }
            _lost += bytes;
        }

        public FrameSalvage End(bool ended)
        {
            if (_parts > 0) Lose(0);
            Say(isEnd: !ended);
            if (ended) Tell("The index of this compressed log is damaged: when its lines were printed, and by which task, is not known any more.");
            return new FrameSalvage([.. _frames], _said);
        }

        /// <summary>How many lines they were nobody knows any more, and only how many bytes they took compressed.</summary>
        private void Say(bool isEnd = false)
        {
            if (_lost == 0 && !isEnd) return;
            var size = _lost == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({_lost:N0} bytes of it, compressed, cannot be read)");
            var why = isEnd ? $"the file of the compressed log is cut off or damaged here{size}" : $"this part of the compressed log is damaged on the disk{size}, and lines behind it had higher numbers";
            Tell(new LogGap(null, null, null, null, why).ToString());
            _lost = 0;
        }

        private void Tell(string line)
        {
            var text = Encoding.UTF8.GetBytes(line + "\n");
            _said[_frames.Count] = text;
            _frames.Add(new FrameFile.Frame(0, 0, _offset, text.Length, _line, 1, false));
            _offset += text.Length;
            _line++;
        }
    }
}
