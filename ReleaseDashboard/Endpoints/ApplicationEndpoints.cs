using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

internal static class ApplicationEndpoints
{
    public static void MapApplications(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/applications").WithTags("Applications");
        group.MapPost("", CreateAsync).WithSummary("Create an application").Answer<ApplicationJson>(201, 400, 409, 422, 503);
        group.MapGet("", ListAsync).WithSummary("List applications").Answer<PageJson<ApplicationJson>>(200, 400);
        group.MapGet("/{name}", GetAsync).WithSummary("Show an application").Answer<ApplicationJson>(200, 404);
        group.MapDelete("/{name}", DeleteAsync).WithSummary("Delete an application that has no environments").Answer<ApplicationJson>(200, 404, 409);
    }

    private static async Task<IResult> CreateAsync(NewApplicationJson body, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken cancellationToken)
    {
        var wanted = new NewApplication(body.Name, body.Repository, body.TrackingBranch, body.Template, body.Variables);
        var outcome = await runs.CreateApplicationAsync(wanted, caller.Context, cancellationToken);
        return Answers.Of(outcome, a => Results.Created($"/api/v1/applications/{a.Name}", ApplicationJson.From(a, request)));
    }

    private static async Task<IResult> ListAsync([AsParameters] PageQuery page, HttpRequest request, IDashboardViews views, CancellationToken cancellationToken) =>
        Answers.Page(await views.ApplicationsAsync(page.Read(), cancellationToken), row => ApplicationJson.From(row.Application, request));

    private static async Task<IResult> GetAsync(string name, HttpRequest request, IDashboardViews views, CancellationToken cancellationToken) =>
        await views.ApplicationAsync(name, cancellationToken) is { } view
            ? Results.Ok(ApplicationJson.From(view.Application, request))
            : Missing(name);

    private static async Task<IResult> DeleteAsync(string name, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken cancellationToken) =>
        Answers.Of(await runs.DeleteApplicationAsync(name, caller.Context, cancellationToken), a => Results.Ok(ApplicationJson.From(a, request)));

    internal static IResult Missing(string name) => Problems.NotFound($"There is no application named \"{name}\".");
}
