using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>A log in brief: how much of it there is where, and which lines belong together.</summary>
/// <param name="FirstError">Number of the first line that is marked as an error.</param>
/// <param name="Kept">Of a log of which lines are gone, where those are that are there; null when all are, or when it is too much to tell.</param>
/// <param name="BucketSize">Lines a bucket stands for; the last one may have fewer.</param>
public sealed record LogOutline(
    long TotalLines,
    bool Ended,
    long Errors,
    long Warnings,
    long? FirstError,
    long BucketSize,
    IReadOnlyList<OutlineBucket> Buckets,
    IReadOnlyList<OutlineGroup> Groups,
    IReadOnlyList<LineRange>? Kept = null);

/// <param name="Bytes">Of text.</param>
public readonly record struct OutlineBucket(long Lines, long Errors, long Warnings, long Bytes);

/// <summary>Lines that belong together. A group's lines are also those of the groups inside of it.</summary>
/// <param name="Key">Stays the same as the log grows.</param>
/// <param name="Kind"><c>step</c>, <c>task</c>, <c>build</c> (a step of an image build) or <c>instance</c>.</param>
/// <param name="Status">Null where nobody records one.</param>
/// <param name="Ranges">Where the lines are, in order; null when there are too many ranges to tell.</param>
public sealed record OutlineGroup(
    string Key,
    string? Parent,
    string Name,
    string Kind,
    RunStatus? Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long Lines,
    long Errors,
    long Warnings,
    long? First,
    long? Last,
    IReadOnlyList<LineRange>? Ranges);

/// <summary>What is known of a log's tasks besides its lines.</summary>
/// <param name="Steps">Of the run, in order; null for a log whose tasks are instances.</param>
public sealed record OutlineFrame(IReadOnlyList<RunStep>? Steps, int Buckets);
