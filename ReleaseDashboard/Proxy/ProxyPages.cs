using System.Net;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Hosting;

namespace ReleaseDashboard.Proxy;

/// <summary>What a visitor sees where an environment does not answer. Anybody can ask, so it tells nothing of other environments.</summary>
internal sealed class ProxyPages(IRecordStore records, PublicAddress address)
{
    public Task UnknownAsync(HttpContext context, string host) => WriteAsync(
        context, StatusCodes.Status404NotFound, "No environment answers here",
        $"There is no environment at {host}. It may have been removed, or not been set up yet.", refresh: true);

    public async Task NotReadyAsync(HttpContext context, RouteTarget target)
    {
        var environment = await records.FindEnvironmentAsync(target.Environment, context.RequestAborted);
        var (title, sentence) = environment?.Phase switch
        {
            EnvironmentPhase.Paused => ("This environment is paused", $"{target.Environment} is paused. Resume it on the dashboard."),
            EnvironmentPhase.Failed => ("This environment failed", $"The last run of {target.Environment} failed and {target.Service} is not running. The dashboard shows why."),
            EnvironmentPhase.TearingDown or EnvironmentPhase.Removed => ("This environment is being removed", $"{target.Environment} is being torn down."),
            EnvironmentPhase.Ready => ("The service is not running", $"No instance of {target.Service} in {target.Environment} is running. Run setup on the dashboard to repair it."),
            _ => ("This environment is being set up", $"{target.Service} in {target.Environment} is not ready yet."),
        };
        await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, title, sentence, refresh: true);
    }

    public Task FailedAsync(HttpContext context, RouteTarget target) => WriteAsync(
        context, StatusCodes.Status502BadGateway, "The service did not answer",
        $"{target.Service} in {target.Environment} closed the connection or did not accept it. Its log on the dashboard may say why.", refresh: false);

    public Task TimedOutAsync(HttpContext context, RouteTarget target) => WriteAsync(
        context, StatusCodes.Status504GatewayTimeout, "The service took too long",
        $"{target.Service} in {target.Environment} accepted the request and sent nothing for ten minutes.", refresh: false);

    private async Task WriteAsync(HttpContext context, int status, string title, string sentence, bool refresh)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "3";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        if (context.WebSockets.IsWebSocketRequest) return;

        response.ContentType = "text/html; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await response.WriteAsync($$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">{{(refresh ? "\n<meta http-equiv=\"refresh\" content=\"3\">" : "")}}
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 18vh auto 0; padding: 0 1.5rem; }
            p { overflow-wrap: anywhere; }
            small { opacity: .7; }
            </style>
            </head>
            <body>
            <h1>{{WebUtility.HtmlEncode(title)}}</h1>
            <p>{{WebUtility.HtmlEncode(sentence)}}</p>
            <p><a href="{{WebUtility.HtmlEncode(address.Url)}}/">Open the dashboard</a></p>{{(refresh ? "\n<p><small>This page looks again every three seconds.</small></p>" : "")}}
            </body>
            </html>
            """, context.RequestAborted);
    }
}
