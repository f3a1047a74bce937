using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class DeploymentEndpoints
{
    public static void MapDeployments(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/deployments").WithTags("Deployments");
        group.MapGet("", ListAsync).WithSummary("List deployments").Answer<PageJson<DeploymentJson>>(200, 400);
        group.MapGet("/{id}", GetAsync).WithSummary("Show a deployment").Answer<DeploymentJson>(200, 404);
        group.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel a deployment").Answer<DeploymentJson>(202, 404, 409);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, IDashboardViews views, CancellationToken cancellationToken, string? application = null, string? environment = null) =>
        Answers.Page(await views.DeploymentsAsync(application, environment, page.Read(), cancellationToken), DeploymentJson.From);

    private static async Task<IResult> GetAsync(string id, IDashboardViews views, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number) && await views.DeploymentAsync(number, cancellationToken) is { } view
            ? Results.Ok(DeploymentJson.From(view.Deployment))
            : Missing(id);

    private static async Task<IResult> CancelAsync(string id, ApiCaller caller, IRunService runs, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number)
            ? Answers.Accepted(await runs.CancelDeploymentAsync(number, caller.Context, cancellationToken))
            : Missing(id);

    private static IResult Missing(string id) => Problems.NotFound($"There is no deployment {id}.");
}
