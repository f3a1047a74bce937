using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Endpoints;

/// <summary>Health for machines: no sign-in, and nothing said that a stranger should not know.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Json(new HealthJson("ok"))).AllowAnonymous().WithTags("Health").WithSummary("The process answers").Produces<HealthJson>();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous().WithTags("Health").WithSummary("Database, engine and workers can do their work")
            .Produces<ReadyJson>().Produces<ReadyJson>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(IRecordStore records, IEnvironmentObserver observer, IWorkerHealth worker, IHostApplicationLifetime lifetime, ILogger<ReadyJson> log, CancellationToken cancellationToken)
    {
        var database = await DatabaseAnswersAsync(records, log, cancellationToken);
        var workers = worker.Ready && !lifetime.ApplicationStopping.IsCancellationRequested;
        var engine = observer.Engine.Available;
        var ready = database && engine && workers;
        return Results.Json(
            new ReadyJson(Word(ready, "ready", "notReady"), Word(database, "ok", "failed"), Word(engine, "ok", "unavailable"), Word(workers, "ok", "stopped")),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> DatabaseAnswersAsync(IRecordStore records, ILogger log, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            // The smallest question there is: strangers may ask it as often as they like.
            await records.FindRunAsync(0, limit.Token).WaitAsync(limit.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the database from answering is the answer here.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "The database does not answer");
            return false;
        }
    }

    private static string Word(bool good, string yes, string no) => good ? yes : no;
}

internal sealed record HealthJson(string Status);

/// <param name="Status"><c>ready</c> or <c>notReady</c>; the parts say <c>ok</c> or what is wrong.</param>
internal sealed record ReadyJson(string Status, string Database, string Engine, string Workers);
