using Microsoft.AspNetCore.Mvc;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Endpoints;

/// <summary>Logs of runs and the own output of instances: pages, the whole text, search.</summary>
internal static class LogEndpoints
{
    private const string Run = "/runs/{id}/log";
    private const string Instance = "/environments/{id}/instances/{instance}/log";

    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        api.MapGet(Run, (string id, [AsParameters] LogPageQuery page, LogReply reply, IRecordStore records, CancellationToken cancellationToken) =>
            ForRunAsync(id, records, log => reply.Lines(log, page), cancellationToken)).Describe("Lines of a run's log", LogReply.LinesType);
        api.MapGet(Run + "/raw", (string id, LogReply reply, IRecordStore records, CancellationToken cancellationToken) =>
            ForRunAsync(id, records, reply.Raw, cancellationToken)).Describe("A run's log as text; ranges are supported", "text/plain");
        api.MapGet(Run + "/search", (string id, [AsParameters] LogSearchQuery query, LogReply reply, IRecordStore records, CancellationToken cancellationToken) =>
            ForRunAsync(id, records, log => reply.SearchAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary("Search a run's log").Answer<LogMatchesMessage>(200, 400, 404);

        api.MapGet(Instance, (string id, string instance, [AsParameters] LogPageQuery page, LogReply reply, IInstanceLogs logs, CancellationToken cancellationToken) =>
            ForInstanceAsync(id, instance, logs, log => reply.Lines(log, page), cancellationToken)).Describe("Lines an instance printed", LogReply.LinesType);
        api.MapGet(Instance + "/raw", (string id, string instance, LogReply reply, IInstanceLogs logs, CancellationToken cancellationToken) =>
            ForInstanceAsync(id, instance, logs, reply.Raw, cancellationToken)).Describe("What an instance printed as text; ranges are supported", "text/plain");
        api.MapGet(Instance + "/search", (string id, string instance, [AsParameters] LogSearchQuery query, LogReply reply, IInstanceLogs logs, CancellationToken cancellationToken) =>
            ForInstanceAsync(id, instance, logs, log => reply.SearchAsync(log, query, cancellationToken), cancellationToken)).WithTags("Logs").WithSummary("Search what an instance printed").Answer<LogMatchesMessage>(200, 400, 404, 503);
    }

    private static Task<IResult> ForRunAsync(string id, IRecordStore records, Func<string, IResult> answer, CancellationToken cancellationToken) =>
        ForRunAsync(id, records, log => Task.FromResult(answer(log)), cancellationToken);

    private static async Task<IResult> ForRunAsync(string id, IRecordStore records, Func<string, Task<IResult>> answer, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number) && await records.FindRunAsync(number, cancellationToken) is { } run
            ? await answer(run.LogId)
            : Problems.NotFound($"There is no run {id}.");

    private static Task<IResult> ForInstanceAsync(string id, string instance, IInstanceLogs logs, Func<string, IResult> answer, CancellationToken cancellationToken) =>
        ForInstanceAsync(id, instance, logs, log => Task.FromResult(answer(log)), cancellationToken);

    private static async Task<IResult> ForInstanceAsync(string id, string instance, IInstanceLogs logs, Func<string, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await logs.OpenAsync(id, instance, cancellationToken) is { } log
                ? await answer(log)
                : Problems.NotFound($"Environment {id} has no instance {instance}, and no output of one is kept.");
        }
        catch (EngineUnavailableException e)
        {
            return Problems.Result(StatusCodes.Status503ServiceUnavailable, "engine_unavailable", e.Message);
        }
    }

    private static void Describe(this RouteHandlerBuilder endpoint, string summary, string contentType) => endpoint
        .WithTags("Logs").WithSummary(summary)
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [contentType]))
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}

/// <summary>Which lines.</summary>
/// <param name="From">Number of the first line, 1-based.</param>
/// <param name="Limit">1 to 10,000.</param>
internal readonly record struct LogPageQuery([FromQuery] long From = 1, [FromQuery] int Limit = 1000)
{
    public string? Problem => From < 1 ? "from is the number of a line: 1 or more." : Limit is < 1 or > 10_000 ? "limit must be 1 to 10000." : null;
}

/// <summary>What to look for.</summary>
/// <param name="Q">Text; without capitals it finds every case.</param>
/// <param name="Regex">The text is a regular expression.</param>
/// <param name="From">List matches from this line on; the total counts all.</param>
/// <param name="Limit">1 to 1,000.</param>
internal readonly record struct LogSearchQuery([FromQuery] string Q, [FromQuery] bool Regex = false, [FromQuery] long From = 1, [FromQuery] int Limit = 100)
{
    public string? Problem => Q.Length is 0 or > 1000 ? "q must have 1 to 1000 characters." : From < 1 ? "from is the number of a line: 1 or more." : Limit is < 1 or > 1000 ? "limit must be 1 to 1000." : null;
}
