using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>Answers to questions about a log, whoever it belongs to.</summary>
internal sealed class LogAnswers(ILogStore store, ILogQuestions questions, IRunHistory history, IRecordStore records)
{
    public Task<IResult> SearchAsync(LogSubject log, LogSearchQuery query, CancellationToken cancellationToken) =>
        AskAsync(log, query.Problem, async () => LogMatchesMessage.Of(await questions.SearchAsync(log.LogId, query.Query, query.From, query.Limit, cancellationToken)));

    public Task<IResult> FilterAsync(LogSubject log, LogFilterQuery query, CancellationToken cancellationToken) =>
        AskAsync(log, query.Problem, async () => LogRangesMessage.Of(await questions.FilterAsync(log.LogId, query.Filter, query.From, cancellationToken)));

    public Task<IResult> OutlineAsync(LogSubject log, LogOutlineQuery query, CancellationToken cancellationToken) =>
        AskAsync(log, query.Problem, async () =>
        {
            var steps = log.Run is { } run ? await history.ReadStepsAsync(run.Id, cancellationToken) : null;
            return LogOutlineMessage.Of(await questions.OutlineAsync(log.LogId, new OutlineFrame(steps, query.Buckets), cancellationToken));
        });

    public async Task<IResult> CompareAsync(LogSubject log, LogDiffQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem) return Problems.Invalid(problem);
        if (log.Run is null && query.RunId is not null) return Problems.Invalid("Only the log of a run can be compared with a run.");
        var other = log.Run is null ? null
            : query.RunId is { } id ? await records.FindRunAsync(id, cancellationToken)
            : await history.FindGreenBeforeAsync(log.Run, cancellationToken);
        if (other is null && query.RunId is not null) return Problems.NotFound($"There is no run {query.RunId} to compare with.");
        var difference = other is null ? null : await questions.CompareAsync(log.LogId, other.LogId, cancellationToken);
        return Results.Ok(LogDiffMessage.Of(other, difference));
    }

    private async Task<IResult> AskAsync<T>(LogSubject log, string? problem, Func<Task<T>> ask)
    {
        if (problem is not null) return Problems.Invalid(problem);
        try
        {
            return LogPrunedHeaders.With(store.State(log.LogId).Pruned, Results.Ok(await ask()));
        }
        catch (ArgumentException e)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, "invalid_query", $"This cannot be searched for: {(e is RegexParseException ? e.Message.Split(" (Parameter '")[0] : e.Message)}");
        }
    }
}
