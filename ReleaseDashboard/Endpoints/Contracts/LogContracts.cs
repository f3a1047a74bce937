using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Diff;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints.Contracts;

/// <param name="N">Number of the line.</param>
/// <param name="Column">0-based index into the line's text.</param>
internal sealed record LogMatchMessage(long N, int Column, int Length, string Text);

/// <param name="Total">Occurrences in the whole log.</param>
/// <param name="NextFrom">Line to go on from; null when all are listed.</param>
internal sealed record LogMatchesMessage(IReadOnlyList<LogMatchMessage> Matches, long Total, long? NextFrom)
{
    public static LogMatchesMessage Of(LogMatches found) =>
        new([.. found.Matches.Select(m => new LogMatchMessage(m.Number, m.Column, m.Length, m.Text))], found.Total, found.NextFrom);
}

/// <param name="Total">Lines that fit in the whole log, without their context.</param>
/// <param name="Ranges">From and to, both included, in order and apart from each other; at most 20,000.</param>
/// <param name="NextFrom">Line to go on from; null when all are listed.</param>
internal sealed record LogRangesMessage(long Total, IReadOnlyList<IReadOnlyList<long>> Ranges, long TotalLines, long? NextFrom)
{
    public static LogRangesMessage Of(LogRanges found) => new(found.Total, Pairs(found.Ranges), found.TotalLines, found.NextFrom);

    public static IReadOnlyList<IReadOnlyList<long>> Pairs(IReadOnlyList<LineRange> ranges) => [.. ranges.Select(IReadOnlyList<long> (r) => [r.From, r.To])];
}

/// <param name="FirstError">First line that is marked as an error.</param>
/// <param name="BucketSize">Lines a bucket stands for.</param>
/// <param name="Buckets">Lines, errors, warnings and bytes of text of each stretch of the log.</param>
/// <param name="Groups">Lines that belong together, each group behind its parent.</param>
/// <param name="Kept">Of a log of which lines were removed, from and to of those that are there; left out when all are, or when they are too many to tell.</param>
internal sealed record LogOutlineMessage(
    long TotalLines,
    bool Ended,
    long Errors,
    long Warnings,
    long? FirstError,
    long BucketSize,
    IReadOnlyList<IReadOnlyList<long>> Buckets,
    IReadOnlyList<LogGroupMessage> Groups,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IReadOnlyList<long>>? Kept)
{
    public static LogOutlineMessage Of(LogOutline o) => new(
        o.TotalLines, o.Ended, o.Errors, o.Warnings, o.FirstError, o.BucketSize,
        [.. o.Buckets.Select(IReadOnlyList<long> (b) => [b.Lines, b.Errors, b.Warnings, b.Bytes])], [.. o.Groups.Select(LogGroupMessage.Of)],
        o.Kept is null ? null : LogRangesMessage.Pairs(o.Kept));
}

/// <summary>A group's lines are also those of the groups inside of it.</summary>
/// <param name="Key">Stays the same as the log grows.</param>
/// <param name="Kind"><c>step</c>, <c>task</c>, <c>build</c> or <c>instance</c>.</param>
/// <param name="Status">As of runs; null where nobody records one.</param>
/// <param name="Ranges">From and to of its lines, in order; null when they are too many to tell.</param>
internal sealed record LogGroupMessage(
    string Key,
    string? Parent,
    string Name,
    string Kind,
    string? Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long Lines,
    long Errors,
    long Warnings,
    long? First,
    long? Last,
    IReadOnlyList<IReadOnlyList<long>>? Ranges)
{
    public static LogGroupMessage Of(OutlineGroup g) => new(
        g.Key, g.Parent, g.Name, g.Kind, g.Status?.Word(), g.StartedAt, g.FinishedAt, g.Lines, g.Errors, g.Warnings, g.First, g.Last,
        g.Ranges is null ? null : LogRangesMessage.Pairs(g.Ranges));
}

/// <param name="Against">The run on the left; null when there is none to compare with.</param>
/// <param name="Rows">This log in its order, with the lines between that only the left has.</param>
/// <param name="Truncated">What is behind the last row was not compared.</param>
internal sealed record LogDiffMessage(LogDiffRunMessage? Against, IReadOnlyList<LogDiffRowMessage> Rows, bool Truncated)
{
    public static LogDiffMessage Of(Run? other, LogDifference? difference) =>
        other is null || difference is null
            ? new LogDiffMessage(null, [], false)
            : new LogDiffMessage(new LogDiffRunMessage(other.Id.ToString(), other.Commit, other.FinishedAt), [.. difference.Rows.Select(LogDiffRowMessage.Of)], difference.Truncated);
}

internal sealed record LogDiffRunMessage(string RunId, string? Commit, DateTimeOffset? FinishedAt);

/// <param name="Kind"><c>same</c>, <c>removed</c> (only left) or <c>added</c> (only right).</param>
/// <param name="Left">From and to in the other run's log.</param>
/// <param name="Right">From and to in this log.</param>
internal sealed record LogDiffRowMessage(string Kind, IReadOnlyList<long>? Left, IReadOnlyList<long>? Right)
{
    public static LogDiffRowMessage Of(DiffRow row) => new(row.Kind.Word(), Pair(row.Left), Pair(row.Right));

    private static long[]? Pair(LineRange? range) => range is { } r ? [r.From, r.To] : null;
}
