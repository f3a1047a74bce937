using System.Security.Cryptography;

namespace ReleaseDashboard.Hosting;

/// <summary>What the browser may do with our pages. Environments behind the proxy are other people's pages and get none of it.</summary>
public static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>For the one inline script a page needs, its import map: <c>&lt;ImportMap nonce="@SecurityHeaders.Nonce(HttpContext)" /&gt;</c>. New for every answer.</summary>
    public static string Nonce(HttpContext context)
    {
        if (context.Items[NonceKey] is string nonce) return nonce;
        nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Items[NonceKey] = nonce;
        return nonce;
    }

    internal static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy(http);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            if (headers["Referrer-Policy"].Count == 0) headers["Referrer-Policy"] = "same-origin";
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    /// <remarks>Styles are inline because MudBlazor sets them so; scripts are files only, and the editor starts its workers from blobs.</remarks>
    private static string Policy(HttpContext context) =>
        "default-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        + $"script-src 'self'{(context.Items[NonceKey] is string nonce ? $" 'nonce-{nonce}'" : "")}; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
        + $"connect-src 'self' ws://{context.Request.Host} wss://{context.Request.Host}";
}
