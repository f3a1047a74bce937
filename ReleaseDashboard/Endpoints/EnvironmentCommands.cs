using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>Everything that changes one environment. Each answers at once; a run does the work.</summary>
internal static class EnvironmentCommands
{
    public static void MapEnvironmentCommands(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments/{id}").WithTags("Environments");
        group.MapDelete("", async (string id, ApiCaller caller, IRunService runs, CancellationToken c) => Answers.Accepted(await runs.DeleteEnvironmentAsync(id, caller.Context, c)))
            .WithSummary("Tear an environment down").Answer<DeploymentJson>(202, 404, 409, 503);
        group.MapPost("/deploy", DeployAsync).WithSummary("Build if needed, then patch (setup where it never succeeded)").Answer<DeploymentJson>(202, 400, 404, 409, 422, 503);
        group.MapPost("/setup", async (string id, ApiCaller caller, IRunService runs, CancellationToken c) => Answers.Accepted(await runs.SetupAsync(id, caller.Context, c)))
            .WithSummary("Run setup").Answer<DeploymentJson>(202, 404, 409, 422, 503);
        group.MapPost("/pause", async (string id, ApiCaller caller, IRunService runs, CancellationToken c) => Answers.Accepted(await runs.PauseAsync(id, caller.Context, c)))
            .WithSummary("Stop the instances, keep volumes and configuration").Answer<DeploymentJson>(202, 404, 409, 503);
        group.MapPost("/resume", async (string id, ApiCaller caller, IRunService runs, CancellationToken c) => Answers.Accepted(await runs.ResumeAsync(id, caller.Context, c)))
            .WithSummary("Set a paused environment up again").Answer<DeploymentJson>(202, 404, 409, 503);
        group.MapPost("/workflows/{name}", async (string id, string name, ApiCaller caller, IRunService runs, CancellationToken c) => Answers.Accepted(await runs.RunWorkflowAsync(id, name, caller.Context, c)))
            .WithSummary("Run a custom workflow of the template").Answer<DeploymentJson>(202, 404, 409, 422, 503);
        group.MapPost("/extend", ExtendAsync).WithSummary("Move the expiry of an ephemeral environment").Answer<EnvironmentJson>(202, 404, 409);
    }

    private static async Task<IResult> DeployAsync(string id, ApiCaller caller, IRunService runs, CancellationToken cancellationToken, DeployJson? body = null)
    {
        body ??= new DeployJson();
        if (body.Commit is not null && body.Build is not null) return Problems.Invalid("commit and build are both given; one of them says what to deploy.");
        if (body.Stage is not (null or "patch" or "setup")) return Problems.Invalid($"stage is \"{body.Stage}\"; it must be patch or setup, or left out.");
        Stage? stage = body.Stage switch { "patch" => Stage.Patch, "setup" => Stage.Setup, _ => null };
        return Answers.Accepted(await runs.DeployAsync(id, body.Commit, body.Build, stage, caller.Context, cancellationToken));
    }

    private static async Task<IResult> ExtendAsync(string id, ApiCaller caller, IRunService runs, IDashboardViews views, CancellationToken cancellationToken)
    {
        var outcome = await runs.ExtendAsync(id, caller.Context, cancellationToken);
        if (!outcome.Accepted) return Problems.Refused(outcome.Refusal);
        return await views.EnvironmentAsync(id, cancellationToken) is { } view
            ? Results.Accepted($"/api/v1/environments/{id}", EnvironmentJson.From(view))
            : EnvironmentEndpoints.Missing(id);
    }
}
