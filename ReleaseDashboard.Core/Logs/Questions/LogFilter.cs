namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Which lines.</summary>
/// <param name="Query">Null for every text.</param>
/// <param name="Marks">Empty for every line. With both, lines that fit both.</param>
/// <param name="Context">Lines before and behind each that are shown with it.</param>
public sealed record LineFilter(LogQuery? Query, IReadOnlyCollection<LineMark> Marks, int Context);

/// <summary>Lines from and to, both included.</summary>
public readonly record struct LineRange(long From, long To)
{
    /// <summary>The first of ranges in order that ends at a line or behind it.</summary>
    internal static LineRange? At(IReadOnlyList<LineRange> ranges, long line)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].To < line) low = middle + 1;
            else high = middle;
        }
        return low < ranges.Count ? ranges[low] : null;
    }

    /// <summary>Adds a range behind all others, to the last where it goes on.</summary>
    internal static void Add(List<LineRange> ranges, LineRange next)
    {
        if (next.To < next.From) return;
        if (ranges.Count > 0 && next.From <= ranges[^1].To + 1) ranges[^1] = ranges[^1] with { To = Math.Max(ranges[^1].To, next.To) };
        else ranges.Add(next);
    }

    /// <summary>What is of lines 1 to <paramref name="total"/> outside of ranges.</summary>
    internal static List<LineRange> Without(IReadOnlyList<LineRange> ranges, long total)
    {
        var left = new List<LineRange>();
        long next = 1;
        foreach (var range in ranges)
        {
            Add(left, new LineRange(next, Math.Min(total, range.From - 1)));
            next = range.To + 1;
        }
        Add(left, new LineRange(next, total));
        return left;
    }
}

/// <param name="Total">Lines of the whole log that fit, without context.</param>
/// <param name="NextFrom">Line to go on from; null when all are listed.</param>
public sealed record LogRanges(long Total, IReadOnlyList<LineRange> Ranges, long TotalLines, long? NextFrom);

/// <summary>Counts the lines that fit in the whole log and lists, from a line on, where they are.</summary>
internal sealed class LogFilter(LogPattern? pattern, LineFilter filter, long from)
{
    public const int PageRanges = 20_000;

    private readonly List<LineRange> _ranges = [];
    private long _total;
    private long? _nextFrom;

    public LogRanges Run(LogContent content, CancellationToken cancellationToken)
    {
        var totalLines = content.State.TotalLines;
        foreach (var lines in content.Look(1, Look, cancellationToken)) Take(lines, content.Files, totalLines);
        return new LogRanges(_total, _ranges, totalLines, _nextFrom);
    }

    /// <summary>Numbers of the lines that fit.</summary>
    private List<long> Look(PieceBuffer piece)
    {
        HashSet<int>? marked = null;
        var fitting = new List<long>();
        if (filter.Marks.Count > 0)
        {
            var found = new List<MarkedLine>();
            MarkScan.Find(piece, found);
            var wanted = found.Where(m => filter.Marks.Contains(m.Mark)).Select(m => m.Number);
            if (pattern is null) fitting.AddRange(wanted.Select(n => piece.FirstLine + n));
            else marked = [.. wanted];
        }
        if (pattern is not null && marked is not { Count: 0 })
        {
            var lines = new List<PieceLine>();
            pattern.FindLines(piece, lines);
            foreach (var line in lines)
            {
                if (marked?.Contains(line.Number) != false) fitting.Add(piece.FirstLine + line.Number);
            }
        }
        return fitting;
    }

    private void Take(List<long> fitting, LogFiles files, long totalLines)
    {
        _total += fitting.Count;
        foreach (var number in fitting)
        {
            if (number < from || _nextFrom is not null) continue;
            var range = new LineRange(files.FirstTogether(number, Math.Max(1, number - filter.Context)), Math.Min(files.LastTogether(number, totalLines), number + filter.Context));
            if (_ranges.Count > 0 && range.From <= _ranges[^1].To + 1) _ranges[^1] = _ranges[^1] with { To = range.To };
            else if (_ranges.Count < PageRanges) _ranges.Add(range);
            else _nextFrom = number;
        }
    }
}
