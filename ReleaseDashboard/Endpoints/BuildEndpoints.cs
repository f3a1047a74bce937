using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class BuildEndpoints
{
    public static void MapBuilds(this IEndpointRouteBuilder api)
    {
        var ofApplication = api.MapGroup("/applications/{name}/builds").WithTags("Builds");
        ofApplication.MapPost("", CreateAsync).WithSummary("Build the images of a branch, tag or commit").Answer<BuildJson>(202, 400, 404, 409, 422, 503);
        ofApplication.MapGet("", ListAsync).WithSummary("List builds of an application").Answer<PageJson<BuildJson>>(200, 400, 404);

        var builds = api.MapGroup("/builds/{id}").WithTags("Builds");
        builds.MapGet("", GetAsync).WithSummary("Show a build").Answer<BuildJson>(200, 404);
        builds.MapPost("/rebuild", RebuildAsync).WithSummary("Build the same commit again").Answer<BuildJson>(202, 404, 409, 503);
        builds.MapPost("/cancel", CancelAsync).WithSummary("Cancel a build").Answer<BuildJson>(202, 404, 409);
        builds.MapPost("/deploy", DeployAsync).WithSummary("Deploy a build to an environment").Answer<DeploymentJson>(202, 400, 404, 409, 503);
    }

    private static async Task<IResult> CreateAsync(string name, NewBuildJson body, ApiCaller caller, IRunService runs, CancellationToken cancellationToken) =>
        Answers.Accepted(await runs.BuildAsync(name, body.Ref, caller.Context, cancellationToken));

    private static async Task<IResult> ListAsync(string name, [AsParameters] PageQuery page, IDashboardViews views, CancellationToken cancellationToken) =>
        await views.ApplicationAsync(name, cancellationToken) is null
            ? ApplicationEndpoints.Missing(name)
            : Answers.Page(await views.BuildsAsync(name, page.Read(), cancellationToken), BuildJson.From);

    private static async Task<IResult> GetAsync(string id, IDashboardViews views, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number) && await views.BuildAsync(number, cancellationToken) is { } view
            ? Results.Ok(BuildJson.From(view.Build))
            : Missing(id);

    private static async Task<IResult> RebuildAsync(string id, ApiCaller caller, IRunService runs, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number)
            ? Answers.Accepted(await runs.RebuildAsync(number, caller.Context, cancellationToken))
            : Missing(id);

    private static async Task<IResult> CancelAsync(string id, ApiCaller caller, IRunService runs, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number)
            ? Answers.Accepted(await runs.CancelBuildAsync(number, caller.Context, cancellationToken))
            : Missing(id);

    private static async Task<IResult> DeployAsync(string id, DeployBuildJson body, ApiCaller caller, IRunService runs, CancellationToken cancellationToken) =>
        Answers.TryId(id, out var number)
            ? Answers.Accepted(await runs.DeployAsync(body.Environment, commit: null, number, stage: null, caller.Context, cancellationToken))
            : Missing(id);

    private static IResult Missing(string id) => Problems.NotFound($"There is no build {id}.");
}
