using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>
/// What is read of a damaged file. Lines of a frame that cannot be read are empty, with their own numbers and times, and one of them says what is missing; a page of the
/// index that cannot be read is made again from the text, and its lines have the time of the first of them and no task. Without a directory all of that is made of the text.
/// </summary>
internal sealed partial class FrameLog
{
    private const string Reason = "this part of the compressed log is damaged on the disk";

    /// <summary>Directories that were made again, by file with its length and time: to make one all of the text is read.</summary>
    private static readonly ConcurrentDictionary<string, (long Length, long Written, FrameSalvage Salvage)> Salvaged = new();

    /// <summary>Frames that could not be read, each with what is said instead and in which line.</summary>
    private readonly ConcurrentDictionary<int, (long Line, string Text)> _damaged = new();

    private IReadOnlyDictionary<int, byte[]> _said = new Dictionary<int, byte[]>();

    public bool ShowsOtherwise => !_damaged.IsEmpty;

    public LogLine Shown(LogLine line)
    {
        for (var i = FrameOf(line.Number); i < _frames.Length && _frames[i].FirstLine <= line.Number; i++)
        {
            if (!_damaged.TryGetValue(i, out var damage)) continue;
            return damage.Line == line.Number ? line with { Source = LogSource.Sys, Text = damage.Text } : line with { Text = "" };
        }
        return line;
    }

    private static FrameLog Salvage(SafeFileHandle file, string path)
    {
        var (length, written) = (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks);
        if (!Salvaged.TryGetValue(path, out var known) || known.Length != length || known.Written != written)
        {
            // Few logs are damaged; when they are many, what was made longest ago matters least.
            if (Salvaged.Count >= 32) Salvaged.Clear();
            Salvaged[path] = known = (length, written, FrameSalvage.Of(file, length));
        }

        var found = known.Salvage;
        var last = found.Frames[^1];
        var trailer = new FrameFile.Trailer(last.FirstLine + last.Lines - 1, last.TextOffset + last.Length, written, 0, 0, 0, 0, found.Frames.Length, 0, 1, 0, 0);
        return new FrameLog(file, trailer, found.Frames, []) { _said = found.Said };
    }

    /// <summary>The seek table says where frames are; where it is wrong, they say it themselves.</summary>
    private static bool Fits(SafeFileHandle file, FrameFile.Trailer trailer, ref byte[] table)
    {
        if (Sums(table, trailer.Frames) is var (stored, text) && text == trailer.TextEnd - trailer.FirstOffset && FrameWalk.IsSkipped(file, stored)) return true;
        var at = 0L;
        var walked = new byte[table.Length];
        for (var i = 0; i < trailer.Frames; i++)
        {
            if (FrameWalk.Next(file, at) is not { } frame) return false;
            BinaryPrimitives.WriteInt32LittleEndian(walked.AsSpan(i * FrameFile.TableEntry), frame.Stored);
            BinaryPrimitives.WriteInt32LittleEndian(walked.AsSpan((i * FrameFile.TableEntry) + 4), frame.Length);
            at += frame.Stored;
        }
        table = walked;
        return Sums(table, trailer.Frames).Text == trailer.TextEnd - trailer.FirstOffset;
    }

    /// <summary>The trailer has no checksum: what it says is in the directories as well.</summary>
    private static bool Agree(FrameFile.Trailer trailer, FrameFile.Frame[] frames, FrameFile.Page[] pages)
    {
        var lines = trailer.Lines - trailer.FirstLine + 1;
        if (lines < 0 || pages.Length != (lines + FrameFile.PageLines - 1) / FrameFile.PageLines) return false;
        if (frames.Length == 0) return lines == 0;
        return frames[0].FirstLine == trailer.FirstLine && frames[^1].FirstLine + frames[^1].Lines - 1 == trailer.Lines
            && pages[0].TextOffset == trailer.FirstOffset && trailer.EndTicks >= 0 && trailer.EndTicks <= DateTime.MaxValue.Ticks;
    }

    private static (long Stored, long Text) Sums(byte[] table, int frames)
    {
        long stored = 0, text = 0;
        for (var i = 0; i < frames; i++)
        {
            stored += BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(i * FrameFile.TableEntry));
            text += BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan((i * FrameFile.TableEntry) + 4));
        }
        return (stored, text);
    }

    private bool TryUnwrap(int number, Span<byte> to)
    {
        if (_said.TryGetValue(number, out var said))
        {
            said.CopyTo(to);
            return true;
        }
        if (_damaged.ContainsKey(number)) return false;
        try
        {
            Unwrap(_frames[number].Offset, _frames[number].Stored, to);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Instead of a frame's text: its lines without their text, and in one of them as much of the sentence as it has room for.</summary>
    private void Blank(int number, byte[] bytes)
    {
        var frame = _frames[number];
        bytes.AsSpan().Fill((byte)' ');
        var lines = new LineEntry[Math.Max(1, frame.Lines)];
        var known = lines.AsSpan(0, ReadEntries(frame.FirstLine, lines));
        DateTimeOffset? from = known.IsEmpty ? null : known[0].At, to = known.IsEmpty ? null : known[^1].At;
        var text = new LogGap(Math.Max(1, frame.Lines), frame.Length, from, to, Reason).ToString();
        var sentence = Encoding.UTF8.GetBytes(text);
        var place = -1;
        for (var i = 0; i < known.Length; i++)
        {
            var end = known[i].End - frame.TextOffset - 1;
            if (end >= 0 && end < bytes.Length) bytes[end] = (byte)'\n';
            if (place < 0 && known[i].Length >= sentence.Length) place = i;
        }
        place = Math.Max(0, place);
        if (!known.IsEmpty)
        {
            var start = (int)Math.Max(0, known[place].Start - frame.TextOffset);
            var room = (int)Math.Clamp(known[place].End - 1 - frame.TextOffset - start, 0, bytes.Length - start);
            sentence.AsSpan(0, Math.Min(room, sentence.Length)).CopyTo(bytes.AsSpan(start));
        }
        _damaged.TryAdd(number, (frame.FirstLine + place, text));
    }

    /// <summary>What the text itself says of its lines.</summary>
    private LineEntry[] OfText(long first, int count, long ticks)
    {
        var entries = new LineEntry[count];
        var done = 0;
        var i = FrameOf(first);
        var line = _frames[i].FirstLine;
        var start = _frames[i].TextOffset;
        for (; i < _frames.Length && done < count; i++)
        {
            var frame = _frames[i];
            var source = _said.ContainsKey(i) ? LogSource.Sys : LogSource.Out;
            var text = new byte[frame.Length];
            if (!TryUnwrap(i, text))
            {
                // How its text was parted nobody knows: lines of no length, and the last has the rest.
                for (var k = 1; k <= frame.Lines; k++) Add(k < frame.Lines ? start + 1 : frame.TextOffset + frame.Length, source);
                continue;
            }
            for (int at = 0, length; (length = text.AsSpan(at).IndexOf((byte)'\n')) >= 0; at += length + 1) Add(frame.TextOffset + at + length + 1, source);
        }
        return entries[..done];

        void Add(long end, LogSource source)
        {
            if (line++ >= first && done < count) entries[done++] = new LineEntry(start, end, ticks, 0, source);
            start = end;
        }
    }

    /// <summary>The first frame that has text of a line.</summary>
    private int FrameOf(long line)
    {
        int low = 0, high = _frames.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_frames[middle].FirstLine <= line) low = middle;
            else high = middle - 1;
        }
        while (low > 0 && _frames[low - 1].FirstLine == _frames[low].FirstLine) low--;
        return low;
    }
}
