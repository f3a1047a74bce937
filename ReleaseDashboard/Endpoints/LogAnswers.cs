using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>Answers to questions about a log, whoever it belongs to.</summary>
internal sealed class LogAnswers(ILogQuestions questions, IRunHistory history)
{
    public Task<IResult> SearchAsync(LogSubject log, LogSearchQuery query, CancellationToken cancellationToken) =>
        AskAsync(query.Problem, async () => LogMatchesMessage.Of(await questions.SearchAsync(log.LogId, query.Query, query.From, query.Limit, cancellationToken)));

    public Task<IResult> FilterAsync(LogSubject log, LogFilterQuery query, CancellationToken cancellationToken) =>
        AskAsync(query.Problem, async () => LogRangesMessage.Of(await questions.FilterAsync(log.LogId, query.Filter, query.From, cancellationToken)));

    public Task<IResult> OutlineAsync(LogSubject log, LogOutlineQuery query, CancellationToken cancellationToken) =>
        AskAsync(query.Problem, async () =>
        {
            var steps = log.Run is { } run ? await history.ReadStepsAsync(run.Id, cancellationToken) : null;
            return LogOutlineMessage.Of(await questions.OutlineAsync(log.LogId, new OutlineFrame(steps, query.Buckets), cancellationToken));
        });

    private static async Task<IResult> AskAsync<T>(string? problem, Func<Task<T>> ask)
    {
        if (problem is not null) return Problems.Invalid(problem);
        try
        {
            return Results.Ok(await ask());
        }
        catch (ArgumentException e)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, "invalid_query", $"This cannot be searched for: {e.Message}");
        }
    }
}
