using System.Buffers;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Lines to be written at once, as bytes. Filled, written, cleared and filled again: nothing is allocated for a line.</summary>
public sealed class LogLines
{
    private ArrayBufferWriter<byte> _text = new();
    private readonly List<(int End, LineStamp Stamp)> _lines = [];

    public int Count => _lines.Count;

    /// <summary>Bytes so far: whoever collects stops at some hundred thousand.</summary>
    public int Length => _text.WrittenCount;

    internal ReadOnlySpan<byte> AllText => _text.WrittenSpan;

    /// <param name="line">Without its line end; a line feed inside becomes a space.</param>
    public void Add(LogSource source, DateTimeOffset at, ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r']) line = line[..^1];
        var place = _text.GetSpan(line.Length + 1);
        line.CopyTo(place);
        place[..line.Length].Replace((byte)'\n', (byte)' ');
        place[line.Length] = (byte)'\n';
        _text.Advance(line.Length + 1);
        _lines.Add((_text.WrittenCount, new LineStamp(at.UtcTicks, source)));
    }

    public void Clear()
    {
        _lines.Clear();
        if (_text.Capacity > 4 << 20) _text = new ArrayBufferWriter<byte>();
        else _text.ResetWrittenCount();
    }

    public LogSource Source(int line) => _lines[line].Stamp.Source;

    public DateTimeOffset At(int line) => new(_lines[line].Stamp.Ticks, TimeSpan.Zero);

    /// <summary>Without the line feed.</summary>
    public ReadOnlySpan<byte> Text(int line)
    {
        var start = line == 0 ? 0 : _lines[line - 1].End;
        return _text.WrittenSpan[start..(_lines[line].End - 1)];
    }

    internal LineStamp[] Stamps() => [.. _lines.Select(l => l.Stamp)];
}

/// <param name="Ticks">UTC.</param>
internal readonly record struct LineStamp(long Ticks, LogSource Source);
