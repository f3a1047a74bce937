using Yarp.ReverseProxy.Forwarder;

namespace ReleaseDashboard.Proxy;

/// <summary>The application sees the host the visitor typed, and who the visitor is; what a visitor claims in the forwarding headers is dropped.</summary>
internal sealed class EnvironmentHeaders : HttpTransformer
{
    public static readonly EnvironmentHeaders Instance = new();

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        headers.Host = httpContext.Request.Host.Value;
        foreach (var claimed in (string[])["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Real-IP"]) headers.Remove(claimed);
        if (httpContext.Connection.RemoteIpAddress is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
    }
}
