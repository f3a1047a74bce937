namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>What is counted of one group while the log is read.</summary>
internal sealed class GroupCount(string name)
{
    /// <summary>Ranges that can be answered; a group that has more answers none.</summary>
    public const int MostRanges = 5000;

    private List<LineRange>? _ranges = [];

    public string Name { get; } = name;
    public long Lines { get; private set; }
    public long Errors { get; private set; }
    public long Warnings { get; private set; }
    public long? First { get; private set; }
    public long? Last { get; private set; }
    public IReadOnlyList<LineRange>? Ranges => _ranges;
    public long StartedTicks { get; private set; }
    public long LastTicks { get; private set; }

    public void Add(long line, long ticks, LineMark mark)
    {
        if (Lines++ == 0) StartedTicks = ticks;
        LastTicks = ticks;
        First ??= line;
        if (_ranges is not null)
        {
            if (Last == line - 1) _ranges[^1] = _ranges[^1] with { To = line };
            else if (_ranges.Count < MostRanges) _ranges.Add(new LineRange(line, line));
            else _ranges = null;
        }
        Last = line;
        if (mark == LineMark.Error) Errors++;
        else if (mark == LineMark.Warning) Warnings++;
    }
}
