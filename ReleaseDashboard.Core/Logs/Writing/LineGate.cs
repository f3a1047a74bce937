using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>
/// What every line passes on its way to the file: secrets are masked and counted, and the log's limit is kept. The dashboard's own lines pass the limit: they are few,
/// and they say how a run ended. Not thread-safe.
/// </summary>
internal sealed class LineGate(LineSink sink, SecretMask mask, LogLimit limit, SecretCounts secrets, PrunedNote note, TimeProvider clock)
{
    private readonly Dictionary<string, LineMask> _masks = [];
    private readonly LeftOut _leftOut = new();
    private bool _said;

    public LogPruned? Pruned { get; private set; } = sink.Dropped == 0 ? null : note.Read();

    /// <summary>Bytes a line of this source may still have.</summary>
    public long RoomFor(LogSource source) => source == LogSource.Sys ? long.MaxValue : limit.DropsOldest ? limit.Bytes / 4 : Math.Max(0, limit.Bytes - sink.Size);

    /// <param name="lines">Whole lines, each with its line feed.</param>
    /// <param name="stamps">One for each line, or one for all of them.</param>
    public void Write(string task, ReadOnlySpan<byte> lines, ReadOnlySpan<LineStamp> stamps)
    {
        if (lines.IsEmpty) return;
        if (!_masks.TryGetValue(task, out var own)) _masks[task] = own = new LineMask(mask);
        var masked = own.Apply(lines);
        var first = sink.Lines + 1;
        if (stamps[0].Source == LogSource.Sys && stamps.Length == 1)
        {
            // How the task ended: what it printed last stands before it.
            if (task.Length == 0 || task == _leftOut.Task) first += SayLeftOut();
            sink.Append(task, masked, stamps);
        }
        else
        {
            Limited(task, masked, stamps);
        }
        foreach (var (line, count) in own.Hits) secrets.Add(task, count, Math.Min(first + line, Math.Max(1, sink.Lines)));
    }

    /// <summary>A line that is not held in memory; it is masked already.</summary>
    /// <param name="refused">Bytes at its end that had no room.</param>
    public void WriteLong(string task, Stream line, int found, long refused, LineStamp stamp)
    {
        if (limit.DropsOldest && sink.Size + line.Length > limit.Bytes) DropOldest();
        sink.AppendLong(task, line, refused == 0 ? [] : System.Text.Encoding.UTF8.GetBytes($" … [{refused:N0} bytes of this line are not kept: the log's limit]"), stamp);
        if (found > 0) secrets.Add(task, found, sink.Lines);
        if (refused == 0) return;
        _leftOut.AddUnfinished(refused);
        SayFull();
    }

    /// <summary>A line of which not even the beginning has room.</summary>
    public void LeaveOut(string task, ReadOnlySpan<byte> line, long refused, LineStamp stamp)
    {
        Write(task, line, [stamp]);
        _leftOut.AddUnfinished(refused);
    }

    /// <summary>A line of the dashboard's own.</summary>
    public void Say(string task, string text) =>
        sink.Append(task, System.Text.Encoding.UTF8.GetBytes(text + "\n"), [new LineStamp(clock.GetUtcNow().UtcTicks, LogSource.Sys)]);

    /// <summary>Says how much was left out since it was last said, and gives the end of it. Returns the number of lines that took.</summary>
    public int SayLeftOut()
    {
        if (_leftOut.IsEmpty) return 0;
        var before = sink.Lines;
        var gap = _leftOut.Gap($"the log has reached its limit of {limit.Megabytes}{(_leftOut.Tail.Count > 0 ? $"; the last {_leftOut.Tail.Count:N0} follow" : "")}");
        if (gap.Lines > 0) Say(_leftOut.Task, gap.ToString());
        foreach (var (stamp, line) in _leftOut.Tail) sink.Append(_leftOut.Task, line, [stamp]);
        _leftOut.Clear();
        return (int)(sink.Lines - before);
    }

    private void Limited(string task, ReadOnlySpan<byte> lines, ReadOnlySpan<LineStamp> stamps)
    {
        if (!_said && sink.Size + lines.Length <= limit.Bytes)
        {
            sink.Append(task, lines, stamps);
            return;
        }
        if (limit.DropsOldest)
        {
            DropOldest();
            sink.Append(task, lines, stamps);
            return;
        }
        var fits = _said ? 0 : lines[..(int)Math.Clamp(limit.Bytes - sink.Size, 0, lines.Length)].LastIndexOf((byte)'\n') + 1;
        if (fits > 0)
        {
            var count = lines[..fits].Count((byte)'\n');
            sink.Append(task, lines[..fits], stamps.Length == 1 ? stamps : stamps[..count]);
            if (stamps.Length > 1) stamps = stamps[count..];
        }
        SayFull();
        if (fits < lines.Length) _leftOut.Add(task, lines[fits..], stamps);
    }

    private void SayFull()
    {
        if (_said) return;
        _said = true;
        Say("", $"This log has reached its limit of {limit.Megabytes}. What is printed from here on is counted and left out, except for the last lines of each task; make the task print less, or raise Release:Logs:MaxMegabytesPerRun.");
    }

    private void DropOldest()
    {
        var (lines, size) = (sink.Dropped, sink.TextEnd);
        sink.DropOldest(limit.Bytes / 2);
        if (sink.Dropped == lines) return;
        Pruned = new LogPruned(clock.GetUtcNow(), sink.Dropped, size - sink.Size, $"The output reached its limit of {limit.Megabytes} (Release:Logs:MaxMegabytesPerInstance), and the older half of it was dropped.");
        note.Write(Pruned);
        Say("", $"Lines 1–{sink.Dropped:N0} were dropped here: the output has reached its limit of {limit.Megabytes} (Release:Logs:MaxMegabytesPerInstance), and the newest half is kept.");
    }
}
