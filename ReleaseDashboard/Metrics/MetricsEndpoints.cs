using System.Diagnostics;
using Prometheus;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Metrics;

internal static class MetricsEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static IServiceCollection AddMetricsText(this IServiceCollection services)
    {
        services.AddSingleton<DashboardMetrics>();
        services.AddHostedService<RunMetrics>();
        return services;
    }

    public static void MapMetricsText(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", WriteAsync).AllowAnonymous().WithTags("Health").WithSummary("Numbers in the Prometheus text format").Produces<string>(200, "text/plain");

    /// <summary>Measures every request, environments' included. Few label values, whatever strangers send.</summary>
    public static async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        var metrics = context.RequestServices.GetRequiredService<DashboardMetrics>();
        try
        {
            await next(context);
        }
        finally
        {
            // A WebSocket's life is no answer time.
            if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
            {
                var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "other";
                metrics.Requests.WithLabels(Server(context), method, $"{context.Response.StatusCode / 100}xx").Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }
    }

    private static string Server(HttpContext context) =>
        context.Items.ContainsKey(typeof(Proxy.EnvironmentProxy)) ? "proxy" : Problems.AreWantedBy(context.Request) ? "api" : "page";

    private static async Task WriteAsync(HttpContext context, DashboardMetrics metrics)
    {
        using var text = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(text, context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), context.RequestAborted);
    }
}
