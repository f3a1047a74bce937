using ReleaseDashboard.Core.Logs.Questions.Diff;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Questions about a whole log. All of them answer for a log that still grows, up to its last line at that moment; a log that does not exist is empty. Of a log that was pruned the pinned lines are
/// asked, by their numbers.</summary>
public interface ILogQuestions
{
    /// <summary>Occurrences from a line on, at most <paramref name="limit"/>. Throws <see cref="ArgumentException"/> for a query that cannot be used.</summary>
    Task<LogMatches> SearchAsync(string logId, LogQuery query, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Where the lines are that fit, from a line on. Throws <see cref="ArgumentException"/> for a query that cannot be used.</summary>
    Task<LogRanges> FilterAsync(string logId, LineFilter filter, long from, CancellationToken cancellationToken);

    /// <summary>Asked again, it costs what was added meanwhile.</summary>
    Task<LogOutline> OutlineAsync(string logId, OutlineFrame frame, CancellationToken cancellationToken);

    /// <summary>What this log has and the other has not, and the other way round. Null when there is no other log.</summary>
    Task<LogDifference?> CompareAsync(string logId, string otherLogId, CancellationToken cancellationToken);
}

internal sealed class LogQuestions(ILogContents logs, OutlineCache outlines) : ILogQuestions
{
    public Task<LogMatches> SearchAsync(string logId, LogQuery query, long from, int limit, CancellationToken cancellationToken)
    {
        var search = new LogSearch(LogPattern.Of(query), from, limit);
        return AskAsync(logId, content => search.Run(content, cancellationToken), new LogMatches([], 0, null), cancellationToken);
    }

    public Task<LogRanges> FilterAsync(string logId, LineFilter filter, long from, CancellationToken cancellationToken)
    {
        if (filter is { Query: null, Marks.Count: 0 }) throw new ArgumentException("There is nothing to filter by.", nameof(filter));
        var work = new LogFilter(filter.Query is null ? null : LogPattern.Of(filter.Query), filter, from);
        return AskAsync(logId, content => work.Run(content, cancellationToken), new LogRanges(0, [], 0, null), cancellationToken);
    }

    public async Task<LogOutline> OutlineAsync(string logId, OutlineFrame frame, CancellationToken cancellationToken)
    {
        using var content = logs.Open(logId);
        return content is null ? new OutlineState().Answer(new LogState(0, false), frame) : await outlines.AskAsync(logId, content, frame, cancellationToken);
    }

    public Task<LogDifference?> CompareAsync(string logId, string otherLogId, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var left = logs.Open(otherLogId);
            using var right = logs.Open(logId);
            // A few pinned lines are no log to compare with.
            return left is null or { IsPruned: true } ? null : right is null or { IsPruned: true } ? new LogDifference([], false) : LogDiff.Run(left, right, cancellationToken);
        },
        cancellationToken);

    /// <summary>Work for a processor, not for the thread that asks.</summary>
    private Task<T> AskAsync<T>(string logId, Func<LogContent, T> ask, T ofNothing, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var content = logs.Open(logId);
            return content is null ? ofNothing : ask(content);
        },
        cancellationToken);
}
