using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>How much a log may hold.</summary>
/// <param name="Bytes">Of text.</param>
/// <param name="DropsOldest">What happens then: the older half goes (the output of an instance, which runs for months), or nothing more is taken (a run).</param>
internal readonly record struct LogLimit(long Bytes, bool DropsOldest)
{
    public string Megabytes => $"{Math.Max(1, Bytes / 1024 / 1024):N0} MB";
}

/// <summary>What was printed after a log was full: counted, and the last of it kept, since a failure says why at its end.</summary>
internal sealed class LeftOut
{
    private const int TailLines = 100;
    private const int TailBytes = 64 * 1024;
    private readonly Queue<(LineStamp Stamp, byte[] Line)> _tail = new();
    private int _tailBytes;
    private long _first;
    private long _last;

    public long Lines { get; private set; }

    public long Bytes { get; private set; }

    public bool IsEmpty => Lines == 0;

    /// <summary>The task that printed last; its lines are in the tail.</summary>
    public string Task { get; private set; } = "";

    public IReadOnlyCollection<(LineStamp Stamp, byte[] Line)> Tail => _tail;

    /// <param name="lines">Whole masked lines.</param>
    public void Add(string task, ReadOnlySpan<byte> lines, ReadOnlySpan<LineStamp> stamps)
    {
        var count = lines.Count((byte)'\n');
        if (IsEmpty) _first = stamps[0].Ticks;
        _last = stamps[^1].Ticks;
        Lines += count;
        Bytes += lines.Length;
        if (task != Task) Reset(task);

        // Only the last of them are looked at, however many there are.
        var kept = new Stack<(LineStamp, byte[])>();
        for (var bytes = 0; !lines.IsEmpty && kept.Count < TailLines; count--)
        {
            var start = lines[..^1].LastIndexOf((byte)'\n') + 1;
            bytes += lines.Length - start;
            if (bytes > TailBytes) break;
            kept.Push((stamps[stamps.Length == 1 ? 0 : count - 1], lines[start..].ToArray()));
            lines = lines[..start];
        }
        foreach (var line in kept) Keep(line);
    }

    public void AddUnfinished(long bytes) => Bytes += bytes;

    public LogGap Gap(string why) => new(Lines - _tail.Count, Bytes - _tailBytes, new DateTimeOffset(_first, TimeSpan.Zero), new DateTimeOffset(_last, TimeSpan.Zero), why);

    public void Clear()
    {
        (Lines, Bytes) = (0, 0);
        Reset("");
    }

    private void Keep((LineStamp Stamp, byte[] Line) line)
    {
        _tail.Enqueue(line);
        _tailBytes += line.Line.Length;
        while (_tail.Count > TailLines || _tailBytes > TailBytes) _tailBytes -= _tail.Dequeue().Line.Length;
    }

    private void Reset(string task)
    {
        Task = task;
        _tail.Clear();
        _tailBytes = 0;
    }
}
