using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>The YAML texts of applications and environments. PUT saves a new version; <c>?dryRun=true</c> only validates.</summary>
internal static class ConfigurationEndpoints
{
    public static void MapConfigurations(this IEndpointRouteBuilder api)
    {
        var application = api.MapGroup("/applications/{name}").WithTags("Applications");
        application.MapGet("/template", (string name, HttpResponse response, IDashboardViews views, CancellationToken c) => ReadApplicationAsync(name, t => t.Template, response, views, c))
            .WithSummary("Read the Application Template").Yaml(404);
        application.MapGet("/variables", (string name, HttpResponse response, IDashboardViews views, CancellationToken c) => ReadApplicationAsync(name, t => t.Variables, response, views, c))
            .WithSummary("Read the Environment Variables Template, without secret values").Yaml(404);
        application.MapPut("/template", async (string name, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken c, bool dryRun = false) =>
                Saved(await runs.SaveApplicationConfigurationAsync(name, await Answers.ReadTextAsync(request, c), null, dryRun, caller.Context, c), dryRun))
            .WithSummary("Save or check the Application Template").Saves();
        application.MapPut("/variables", async (string name, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken c, bool dryRun = false) =>
                Saved(await runs.SaveApplicationConfigurationAsync(name, null, await Answers.ReadTextAsync(request, c), dryRun, caller.Context, c), dryRun))
            .WithSummary("Save or check the Environment Variables Template").Saves();

        var environment = api.MapGroup("/environments/{id}").WithTags("Environments");
        environment.MapGet("/configuration", (string id, HttpResponse response, IDashboardViews views, CancellationToken c) => ReadEnvironmentAsync(id, t => t.Template, response, views, c))
            .WithSummary("Read the environment's own template").Yaml(404);
        environment.MapGet("/variables", (string id, HttpResponse response, IDashboardViews views, CancellationToken c) => ReadEnvironmentAsync(id, t => t.Variables, response, views, c))
            .WithSummary("Read the environment's own variables, without secret values").Yaml(404);
        environment.MapPut("/configuration", async (string id, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken c, bool dryRun = false) =>
                Saved(await runs.SaveEnvironmentConfigurationAsync(id, await Answers.ReadTextAsync(request, c), null, dryRun, caller.Context, c), dryRun))
            .WithSummary("Save or check the environment's own template; the next setup applies it").Saves();
        environment.MapPut("/variables", async (string id, ApiCaller caller, HttpRequest request, IRunService runs, CancellationToken c, bool dryRun = false) =>
                Saved(await runs.SaveEnvironmentConfigurationAsync(id, null, await Answers.ReadTextAsync(request, c), dryRun, caller.Context, c), dryRun))
            .WithSummary("Save or check the environment's own variables; the next setup applies them").Saves();
    }

    private static async Task<IResult> ReadApplicationAsync(string name, Func<ConfigurationText, string> part, HttpResponse response, IDashboardViews views, CancellationToken cancellationToken) =>
        await views.ApplicationConfigurationAsync(name, version: null, cancellationToken) is { } saved
            ? Answers.Text(response, part(saved.Text), saved.Version.ToString())
            : ApplicationEndpoints.Missing(name);

    private static async Task<IResult> ReadEnvironmentAsync(string id, Func<ConfigurationText, string> part, HttpResponse response, IDashboardViews views, CancellationToken cancellationToken) =>
        await views.EnvironmentConfigurationAsync(id, version: null, cancellationToken) is { } saved
            ? Answers.Text(response, part(saved.Text), saved.Version.ToString())
            : EnvironmentEndpoints.Missing(id);

    private static IResult Saved(Outcome<SavedConfiguration> outcome, bool dryRun) =>
        Answers.Of(outcome, saved => Results.Ok(new SavedJson(saved.Version.ToString(), dryRun ? true : null)));

    private static RouteHandlerBuilder Yaml(this RouteHandlerBuilder builder, int problem) =>
        builder.Produces<string>(200, "text/yaml").Produces<ApiProblem>(problem, Problems.ContentType);

    private static RouteHandlerBuilder Saves(this RouteHandlerBuilder builder) =>
        builder.Accepts<string>(Answers.Yaml[0], Answers.Yaml[1..]).Answer<SavedJson>(200, 400, 404, 409, 413, 415, 422);
}
