using System.Diagnostics.CodeAnalysis;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>Logs of runs and the own output of instances: pages, the whole text, and questions. Each kind of log is one line here.</summary>
internal static class LogEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        api.MapLog<RunLogAddress>("/runs/{id}/log", "a run's log", StatusCodes.Status404NotFound);
        api.MapLog<ServiceLogAddress>("/environments/{id}/services/{service}/log", "what all instances of a service printed", StatusCodes.Status404NotFound);
        api.MapLog<InstanceLogAddress>("/environments/{id}/instances/{instance}/log", "what an instance printed", StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="what">Completes "Search …".</param>
    /// <param name="missing">How finding the log may fail.</param>
    private static void MapLog<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(this IEndpointRouteBuilder api, string path, string what, params int[] missing)
        where T : ILogAddress
    {
        int[] problems = [StatusCodes.Status400BadRequest, .. missing];
        api.MapGet(path, ([AsParameters] T address, [AsParameters] LogPageQuery page, LogReply reply, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => Task.FromResult(reply.Lines(log, page)), cancellationToken)).Text($"Lines of {what}", LogReply.LinesType, problems);
        api.MapGet(path + "/raw", ([AsParameters] T address, LogReply reply, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => Task.FromResult(reply.Raw(log)), cancellationToken)).Text($"Text of {what}; ranges are supported", "text/plain", missing);
        api.MapGet(path + "/raw.gz", ([AsParameters] T address, LogReply reply, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => Task.FromResult(reply.Packed(log, cancellationToken)), cancellationToken)).Text($"Text of {what}, packed", LogReply.PackedType, missing);
        api.MapGet(path + "/search", ([AsParameters] T address, [AsParameters] LogSearchQuery query, LogAnswers answers, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => answers.SearchAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary($"Search {what}").Answer<LogMatchesMessage>(200, problems);
        api.MapGet(path + "/filter", ([AsParameters] T address, [AsParameters] LogFilterQuery query, LogAnswers answers, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => answers.FilterAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary($"Where matching or marked lines are in {what}").Answer<LogRangesMessage>(200, problems);
        api.MapGet(path + "/outline", ([AsParameters] T address, [AsParameters] LogOutlineQuery query, LogAnswers answers, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => answers.OutlineAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary($"Groups, density and errors of {what}").Answer<LogOutlineMessage>(200, problems);
        api.MapGet(path + "/diff", ([AsParameters] T address, [AsParameters] LogDiffQuery query, LogAnswers answers, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => answers.CompareAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary($"Difference of {what} to the last green run's").Answer<LogDiffMessage>(200, problems);
        api.MapPost(path + "/pins", ([AsParameters] T address, LogPinJson excerpt, LogReply reply, CancellationToken cancellationToken) =>
            address.AnswerAsync(log => reply.PinAsync(log, excerpt, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary($"Keep lines of {what} beyond retention").Answer<LogPinJson>(201, problems);
    }

    private static void Text(this RouteHandlerBuilder endpoint, string summary, string contentType, params int[] problems)
    {
        endpoint.WithTags("Logs").WithSummary(summary).WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [contentType]));
        foreach (var problem in problems) endpoint.Produces<ApiProblem>(problem, Problems.ContentType);
    }
}
