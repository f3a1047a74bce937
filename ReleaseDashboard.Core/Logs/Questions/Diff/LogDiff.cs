namespace ReleaseDashboard.Core.Logs.Questions.Diff;

public enum DiffKind
{
    Same,
    Removed,
    Added,
}

/// <summary>Lines of both logs that are alike, or lines that only one of them has.</summary>
/// <param name="Left">In the other log; as many lines as <paramref name="Right"/> where both are given.</param>
/// <param name="Right">In this log.</param>
public readonly record struct DiffRow(DiffKind Kind, LineRange? Left, LineRange? Right);

/// <param name="Truncated">Lines behind the last row were not compared.</param>
public sealed record LogDifference(IReadOnlyList<DiffRow> Rows, bool Truncated);

/// <summary>
/// The difference of two logs of the same work. Lines are compared by what does not change from run to run (<see cref="LineHash"/>), and only with lines of the same
/// task and the same step of an image build: what runs in parallel is never twice in the same order.
/// </summary>
internal static class LogDiff
{
    /// <summary>Lines of either log that are compared.</summary>
    public const int MostLines = 200_000;

    private const int MostRows = 20_000;

    public static LogDifference Run(LogContent left, LogContent right, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<(string Task, ulong Step), int>();
        var before = DiffSide.Read(left, groups, cancellationToken);
        var after = DiffSide.Read(right, groups, cancellationToken);
        var match = new int[before.Hashes.Length];
        Array.Fill(match, -1);
        var (lefts, rights) = (before.LinesOfGroups(groups.Count), after.LinesOfGroups(groups.Count));
        for (var group = 0; group < groups.Count; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Alignment.Match(before.Hashes, lefts[group].ToArray(), after.Hashes, rights[group].ToArray(), match);
        }
        var rows = new DiffRows(MostRows);
        var complete = Emit(before, after, match, rows);
        return new LogDifference(rows.Rows, !complete || left.State.TotalLines > before.LastLine || right.State.TotalLines > after.LastLine);
    }

    /// <summary>This log in its own order, and between its lines those that only the other has, behind the one they came behind there.</summary>
    private static bool Emit(DiffSide before, DiffSide after, int[] match, DiffRows rows)
    {
        var rightLines = after.Hashes.Length;
        var leftOf = new int[rightLines];
        Array.Fill(leftOf, -1);
        var removed = new List<int>[rightLines + 1];
        var reached = new Dictionary<int, int>();
        var furthest = 0;
        for (var l = 0; l < match.Length; l++)
        {
            if (match[l] is var r and >= 0)
            {
                leftOf[r] = l;
                reached[before.Groups[l]] = r + 1;
                furthest = Math.Max(furthest, r + 1);
            }
            else
            {
                (removed[reached.GetValueOrDefault(before.Groups[l], furthest)] ??= []).Add(l);
            }
        }
        for (var r = 0; r <= rightLines; r++)
        {
            if (r > 0 && !(leftOf[r - 1] < 0 ? rows.Added(after.FirstLine + r - 1) : rows.Same(before.FirstLine + leftOf[r - 1], after.FirstLine + r - 1))) return false;
            foreach (var l in removed[r] ?? [])
            {
                if (!rows.Removed(before.FirstLine + l)) return false;
            }
        }
        return true;
    }
}
