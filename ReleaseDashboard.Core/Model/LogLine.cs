namespace ReleaseDashboard.Core.Model;

public enum LogSource
{
    Out,
    Err,
    /// <summary>Written by the dashboard itself.</summary>
    Sys,
}

/// <param name="Number">1-based, without gaps.</param>
/// <param name="Task">Task it belongs to, empty for the run itself.</param>
/// <param name="Text">Without line end; secrets masked; control sequences kept.</param>
public sealed record LogLine(long Number, DateTimeOffset At, LogSource Source, string Task, string Text);

/// <param name="Ended">No line will be added any more.</param>
/// <param name="TotalLines">Number of the last line, whether it is still there or not.</param>
/// <param name="Pruned">What is no longer there; null when everything is.</param>
public sealed record LogState(long TotalLines, bool Ended, LogPruned? Pruned = null);

/// <summary>The oldest lines of a log, or all of them, were removed to make room; what was pinned is still there. Of a service's timeline, lines of instances whose logs were.</summary>
/// <param name="At">When, the last time.</param>
/// <param name="Lines">Lines 1 to this one are gone; in a timeline the last that is gone, and others before it may be there.</param>
/// <param name="Bytes">Bytes of their text.</param>
/// <param name="Reason">Why, in a sentence for the page.</param>
public sealed record LogPruned(DateTimeOffset At, long Lines, long Bytes, string Reason)
{
    /// <summary>How many lines are gone.</summary>
    public long Removed { get; init; } = Lines;
}

/// <param name="FirstLine">Number of the first of <paramref name="Lines"/>.</param>
public sealed record LogBatch(long FirstLine, IReadOnlyList<LogLine> Lines, long TotalLines, bool Ended);

/// <param name="Column">0-based index into the line's text.</param>
public sealed record LogMatch(long Number, int Column, int Length, string Text);

/// <param name="NextFrom">Line to go on from; null at the end.</param>
public sealed record LogMatches(IReadOnlyList<LogMatch> Matches, long Total, long? NextFrom);
