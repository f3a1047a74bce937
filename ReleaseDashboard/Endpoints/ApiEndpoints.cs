using Microsoft.AspNetCore.Mvc;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>The API: one file for each resource.</summary>
internal static class ApiEndpoints
{
    private const int LargestBody = 2 * 1024 * 1024;

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithMetadata(
            new RequestSizeLimitAttribute(LargestBody),
            new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(ApiProblem), [Problems.ContentType]));
        api.MapApplications();
        api.MapConfigurations();
        api.MapBuilds();
        api.MapEnvironments();
        api.MapEnvironmentCommands();
        api.MapDeployments();
        api.MapRuns();
        api.MapLogs();
        api.MapQueue();
        api.MapTokens();
    }
}
