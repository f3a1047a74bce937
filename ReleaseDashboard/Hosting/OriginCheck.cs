using ReleaseDashboard.Auth;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hosting;

/// <summary>
/// Refuses what another site makes a signed-in browser do: WebSockets and requests that change something. Environments may stand on
/// a sister domain, which SameSite counts as the same site, so the origin itself is compared. Requests with a token bring their own proof.
/// </summary>
internal static class OriginCheck
{
    public static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var matters = context.WebSockets.IsWebSocketRequest || request.Path.StartsWithSegments("/_blazor") || !IsSafe(request.Method);
        if (!matters || AuthSchemes.For(request) != AuthSchemes.Cookie || IsSameOrigin(request)) return next(context);
        return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "cross_origin", "The request comes from another site.");
    }

    internal static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none")) return false;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        // A page with "Referrer-Policy: no-referrer" posts its own form with a null origin; the browser's own word on the site decides then.
        if (origin == "null") return site == "same-origin";
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(Authority(request, uri), StringComparison.OrdinalIgnoreCase);
    }

    private static string Authority(HttpRequest request, Uri origin) =>
        request.Host.Port is { } port && (port != origin.Port || !origin.IsDefaultPort) ? $"{request.Host.Host}:{port}" : request.Host.Host;

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
