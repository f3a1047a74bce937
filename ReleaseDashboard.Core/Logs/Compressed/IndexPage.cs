using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>
/// The entries of a page as columns of small numbers, which compress to one to three bytes a line: lengths, differences of times, and runs of the same task and source.
/// </summary>
internal static class IndexPage
{
    public static int Encode(ReadOnlySpan<LineEntry> entries, Span<byte> to)
    {
        var at = 0;
        foreach (var entry in entries) Put(to, ref at, (ulong)(entry.End - entry.Start));
        var ticks = entries[0].Ticks;
        foreach (var entry in entries)
        {
            var difference = entry.Ticks - ticks;
            Put(to, ref at, (ulong)((difference << 1) ^ (difference >> 63)));
            ticks = entry.Ticks;
        }
        for (var i = 0; i < entries.Length;)
        {
            var first = i;
            while (i < entries.Length && entries[i].Task == entries[first].Task && entries[i].Source == entries[first].Source) i++;
            Put(to, ref at, (ulong)(i - first));
            Put(to, ref at, ((ulong)entries[first].Task << 2) | (byte)entries[first].Source);
        }
        return at;
    }

    public static LineEntry[] Decode(ReadOnlySpan<byte> from, int lines, long textOffset, long ticks)
    {
        var at = 0;
        var first = textOffset;
        var ends = new long[lines];
        foreach (ref var end in ends.AsSpan()) end = textOffset += (long)Take(from, ref at);
        var times = new long[lines];
        foreach (ref var time in times.AsSpan())
        {
            var difference = Take(from, ref at);
            time = ticks += (long)(difference >> 1) ^ -(long)(difference & 1);
        }
        var entries = new LineEntry[lines];
        for (var i = 0; i < lines;)
        {
            var run = (int)Take(from, ref at);
            var what = Take(from, ref at);
            if (run <= 0) throw new InvalidDataException("An index page holds an empty run.");
            for (var end = Math.Min(lines, i + run); i < end; i++) entries[i] = new LineEntry(i == 0 ? first : ends[i - 1], ends[i], times[i], (ushort)(what >> 2), (LogSource)(what & 3));
        }
        return entries;
    }

    private static void Put(Span<byte> to, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
    }

    private static ulong Take(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = from[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
    }
}
