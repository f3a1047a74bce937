using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class EnvironmentEndpoints
{
    public static void MapEnvironments(this IEndpointRouteBuilder api)
    {
        api.MapPost("/applications/{name}/environments", CreateAsync).WithTags("Environments")
            .WithSummary("Create an environment and set it up").Answer<CreatedEnvironmentJson>(202, 400, 404, 409, 422, 503);

        var group = api.MapGroup("/environments").WithTags("Environments");
        group.MapGet("", ListAsync).WithSummary("List environments that are not removed").Answer<PageJson<EnvironmentJson>>(200, 400);
        group.MapGet("/{id}", GetAsync).WithSummary("Show an environment").Answer<EnvironmentJson>(200, 404);
        group.MapGet("/{id}/plan", PlanAsync).WithSummary("What a stage would do now; nothing is done").Answer<PlanJson>(200, 400, 404, 409, 422);
    }

    private static async Task<IResult> CreateAsync(
        string name, NewEnvironmentJson body, ApiCaller caller, IRunService runs, IDashboardViews views, CancellationToken cancellationToken)
    {
        EnvironmentKind kind;
        switch (body.Kind)
        {
            case null or "ephemeral": kind = EnvironmentKind.Ephemeral; break;
            case "permanent": kind = EnvironmentKind.Permanent; break;
            default: return Problems.Invalid($"kind is \"{body.Kind}\"; it must be ephemeral or permanent.");
        }

        if (body.Branch is not null && body.Tag is not null) return Problems.Invalid("branch and tag are both given; an environment follows one of them.");
        var wanted = new NewEnvironment(name, body.Branch, body.Tag, kind, body.Name, body.Parameters);
        var outcome = await runs.CreateEnvironmentAsync(wanted, caller.Context, cancellationToken);
        if (!outcome.Accepted) return Problems.Refused(outcome.Refusal);
        var environment = await views.EnvironmentAsync(outcome.Value.Environment, cancellationToken)
            ?? throw new InvalidOperationException($"Environment {outcome.Value.Environment} was accepted and cannot be read.");
        return Results.Accepted(
            $"/api/v1/environments/{outcome.Value.Environment}",
            new CreatedEnvironmentJson(EnvironmentJson.From(environment), DeploymentJson.From(outcome.Value)));
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, IDashboardViews views, IEnvironmentObserver observer, CancellationToken cancellationToken, string? application = null) =>
        Answers.Page(
            await views.EnvironmentsAsync(application, includeRemoved: false, page.Read(), cancellationToken),
            row => EnvironmentJson.From(row, observer.Last(row.Environment.Id)));

    private static async Task<IResult> GetAsync(string id, IDashboardViews views, CancellationToken cancellationToken) =>
        await views.EnvironmentAsync(id, cancellationToken) is { } view ? Results.Ok(EnvironmentJson.From(view)) : Missing(id);

    private static async Task<IResult> PlanAsync(string id, string stage, long? build, IRunService runs, CancellationToken cancellationToken)
    {
        Stage? wanted = stage switch
        {
            "setup" => Stage.Setup,
            "patch" => Stage.Patch,
            "teardown" => Stage.Teardown,
            _ => null,
        };
        return wanted is { } known
            ? Answers.Of(await runs.PlanAsync(id, known, build, cancellationToken), plan => Results.Ok(PlanJson.From(plan)))
            : Problems.Invalid($"stage is \"{stage}\"; it must be setup, patch or teardown.");
    }

    internal static IResult Missing(string id) => Problems.NotFound($"There is no environment {id}.");
}
