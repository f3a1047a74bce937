namespace ReleaseDashboard.Core.Views;

/// <summary>Paging by the last row's number: stays right while rows are added in front.</summary>
internal static class Cursor
{
    public const int Largest = 200;

    public static int Limit(PageRequest page) => Math.Clamp(page.Limit, 1, Largest);

    /// <summary>Rows with a smaller number come next. A cursor that is none starts at the beginning.</summary>
    public static long Before(PageRequest page) => long.TryParse(page.Cursor, out var number) && number > 0 ? number : long.MaxValue;

    /// <param name="rows">One more than the page holds, if there is one more.</param>
    public static Page<T> Page<TRow, T>(IReadOnlyList<TRow> rows, int limit, Func<TRow, long> number, Func<TRow, T> map)
    {
        var items = rows.Take(limit).ToList();
        return new Page<T>([.. items.Select(map)], rows.Count > limit ? number(items[^1]).ToString() : null);
    }

    /// <summary>Median of durations; null when there are none.</summary>
    public static TimeSpan? Median(IReadOnlyCollection<TimeSpan> durations)
    {
        if (durations.Count == 0) return null;
        var sorted = durations.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
