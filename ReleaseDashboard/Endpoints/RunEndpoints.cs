using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder api) =>
        api.MapGet("/runs/{id}", GetAsync).WithTags("Runs").WithSummary("Show a run with its steps, tasks and receipt").Answer<RunJson>(200, 404);

    private static async Task<IResult> GetAsync(string id, IDashboardViews views, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number) && await views.RunAsync(number, cancellationToken) is { } view
            ? Results.Ok(RunJson.From(view))
            : Problems.NotFound($"There is no run {id}.");
}
