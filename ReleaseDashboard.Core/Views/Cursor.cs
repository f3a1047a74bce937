using System.Globalization;

namespace ReleaseDashboard.Core.Views;

/// <summary>Paging by the last row's number: stays right while rows are added in front.</summary>
internal static class Cursor
{
    public const int Largest = 200;

    public static int Limit(PageRequest page) => Math.Clamp(page.Limit, 1, Largest);

    /// <summary>Rows with a smaller number come next. Without a cursor it is the beginning; who takes one from outside asks <see cref="PageRequest.IsCursor"/> first.</summary>
    public static long Before(PageRequest page) => TryRead(page.Cursor, out var number) ? number : long.MaxValue;

    public static bool TryRead(string? text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    /// <param name="rows">One more than the page holds, if there is one more.</param>
    public static Page<T> Page<TRow, T>(IReadOnlyList<TRow> rows, int limit, Func<TRow, long> number, Func<TRow, T> map)
    {
        var items = rows.Take(limit).ToList();
        return new Page<T>([.. items.Select(map)], rows.Count > limit ? number(items[^1]).ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Median of durations; null when there are none.</summary>
    public static TimeSpan? Median(IReadOnlyCollection<TimeSpan> durations)
    {
        if (durations.Count == 0) return null;
        var sorted = durations.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
