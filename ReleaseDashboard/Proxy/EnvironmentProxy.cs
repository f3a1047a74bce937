using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Hosting;
using Yarp.ReverseProxy.Forwarder;
using RouteEndpoint = ReleaseDashboard.Core.Routing.RouteEndpoint;

namespace ReleaseDashboard.Proxy;

/// <summary>
/// Serves environments: a request whose host is an environment's goes to one of its instances, everything else to the dashboard. In front of
/// everything, because an environment's paths, cookies and sign-in are its own. A request is counted at the instance from before it is sent until its
/// answer has ended, and is chosen anew when the route was switched meanwhile, so that a patch loses none.
/// </summary>
internal sealed class EnvironmentProxy(
    RequestDelegate next,
    IRouteTable routes,
    IHttpForwarder forwarder,
    UpstreamClient client,
    ProxyPages pages,
    PublicAddress address,
    IOptions<CoreOptions> options)
{
    private const int Attempts = 5;

    /// <summary>An answer may take long to begin and may pause; a WebSocket may be silent much longer.</summary>
    private static readonly ForwarderRequestConfig Requests = new() { ActivityTimeout = TimeSpan.FromMinutes(10), Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private static readonly ForwarderRequestConfig Upgrades = Requests with { ActivityTimeout = TimeSpan.FromHours(12) };

    private readonly string _suffix = "." + options.Value.Domain;
    private uint _turn;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host.TrimEnd('.');
        if (address.IsOwn(host)) return next(context);
        if (routes.Find(host) is not null) return ForwardAsync(context, host);
        return host.EndsWith(_suffix, StringComparison.OrdinalIgnoreCase) ? UnknownAsync(context, host) : next(context);
    }

    private Task UnknownAsync(HttpContext context, string host)
    {
        context.Items[typeof(EnvironmentProxy)] = true;
        return pages.UnknownAsync(context, host);
    }

    private async Task ForwardAsync(HttpContext context, string host)
    {
        context.Items[typeof(EnvironmentProxy)] = true;
        Unlimit(context);
        var failed = new HashSet<RouteEndpoint>();
        for (var attempt = 1; ; attempt++)
        {
            if (routes.Find(host) is not { } target)
            {
                await pages.UnknownAsync(context, host);
                return;
            }

            if (Choose(target, failed) is not { } endpoint)
            {
                await (target.Endpoints.Count == 0 ? pages.NotReadyAsync(context, target) : pages.FailedAsync(context, target));
                return;
            }

            using var request = routes.TryEnter(target, endpoint);
            if (request is null) continue;
            var config = context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Count > 0 ? Upgrades : Requests;
            var error = await forwarder.SendAsync(context, endpoint.Address.ToString(), client, config, EnvironmentHeaders.Instance);
            if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;

            var reason = context.GetForwarderErrorFeature()?.Exception;
            if (attempt < Attempts && MayRepeat(context, error, reason))
            {
                failed.Add(endpoint);
                context.Response.Clear();
                continue;
            }

            await (error == ForwarderError.RequestTimedOut ? pages.TimedOutAsync(context, target) : pages.FailedAsync(context, target));
            return;
        }
    }

    /// <summary>Takes turns; an endpoint that failed this request is not asked again.</summary>
    private RouteEndpoint? Choose(RouteTarget target, HashSet<RouteEndpoint> failed)
    {
        var endpoints = failed.Count == 0 ? target.Endpoints : [.. target.Endpoints.Where(e => !failed.Contains(e))];
        return endpoints.Count == 0 ? null : endpoints[(int)(Interlocked.Increment(ref _turn) % (uint)endpoints.Count)];
    }

    /// <summary>
    /// Nothing of the request was sent (the connection was refused), or it is one that may be sent twice: it has no body, changes nothing, and the connection was lost
    /// before the answer began.
    /// </summary>
    private static bool MayRepeat(HttpContext context, ForwarderError error, Exception? reason)
    {
        if (error != ForwarderError.Request || reason is not HttpRequestException http) return false;
        if (http.HttpRequestError == HttpRequestError.ConnectionError) return true;
        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method)
            ? context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            : false;
    }

    /// <summary>The application decides how much it accepts, and how slowly.</summary>
    private static void Unlimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
