using System.Diagnostics;
using System.Net;

namespace ReleaseDashboard.Proxy;

internal static class ProxyServices
{
    public static IServiceCollection AddProxy(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddSingleton<ProxyPages>();
        services.AddSingleton(_ => new UpstreamClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            // An application's own trace headers pass through untouched.
            ActivityHeadersPropagator = DistributedContextPropagator.CreatePassThroughPropagator(),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Shorter than most servers keep an idle connection, so that a request seldom meets one that is just being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        }));
        return services;
    }
}

/// <summary>Connections to instances, shared by all requests.</summary>
internal sealed class UpstreamClient(HttpMessageHandler handler) : HttpMessageInvoker(handler, disposeHandler: true);
