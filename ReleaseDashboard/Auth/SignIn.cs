using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Auth;

/// <summary>
/// The ways in and out of the pages: <c>GET /login?t=…</c> (the printed link), <c>POST /login</c> (the form; fields <c>token</c> and
/// <c>returnUrl</c>) and <c>POST /logout</c>. The page <c>/login</c> shows <c>?error=</c> invalid, expired or slow.
/// </summary>
internal static class SignIn
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Before the page's own endpoint, which would take any method.
        routes.MapPost("/login", PostAsync).WithOrder(-1).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/logout", LogoutAsync).ExcludeFromDescription();
    }

    /// <summary>Exchanges the printed link for a cookie. In front of the page, because the page has no answer to set a cookie on.</summary>
    public static async Task ExchangeLinkAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path != "/login" || context.Request.Query["t"] is not [{ } token])
        {
            await next(context);
            return;
        }

        // The address holds a secret: it must not travel on as a referrer nor stay in a cache.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        await EnterAsync(context, token, context.Request.Query["returnUrl"]);
    }

    private static async Task PostAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            Refuse(context, "expired", null);
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await EnterAsync(context, form["token"].ToString().Trim(), form["returnUrl"]);
    }

    private static async Task EnterAsync(HttpContext context, string token, string? returnUrl)
    {
        using var turn = context.RequestServices.GetRequiredService<SignInLimit>().Take(context.Connection.RemoteIpAddress);
        if (!turn.IsAcquired)
        {
            Refuse(context, "slow", returnUrl);
            return;
        }

        var tokens = context.RequestServices.GetRequiredService<TokenCheck>();
        if (await tokens.FindSignInOwnerAsync(token, context.RequestAborted) is not { } owner)
        {
            Refuse(context, "invalid", returnUrl);
            return;
        }

        await context.SignInAsync(AuthSchemes.Cookie, Users.Principal(owner, AuthSchemes.Cookie), new AuthenticationProperties { IsPersistent = true });
        context.Response.Redirect(LocalUrl(returnUrl));
    }

    private static async Task<IResult> LogoutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        // The Origin check in front has already refused other sites; a form of our own carries the token as well.
        if (context.Request.HasFormContentType && !await antiforgery.IsRequestValidAsync(context)) return Results.LocalRedirect("/");
        await context.SignOutAsync(AuthSchemes.Cookie);
        return Results.LocalRedirect("/login");
    }

    private static void Refuse(HttpContext context, string error, string? returnUrl)
    {
        var local = LocalUrl(returnUrl);
        context.Response.Redirect($"/login?error={error}{(local == "/" ? "" : $"&returnUrl={Uri.EscapeDataString(local)}")}");
    }

    /// <summary>Only a path of our own: <c>//host</c> and <c>/\host</c> lead elsewhere.</summary>
    internal static string LocalUrl(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.Any(char.IsControl)
            ? url
            : "/";
}

/// <summary>Twenty attempts to sign in a minute from one address, whether they succeed or not.</summary>
internal sealed class SignInLimit : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1) }));

    public RateLimitLease Take(IPAddress? address) => _limiter.AttemptAcquire(address ?? IPAddress.None);

    public void Dispose() => _limiter.Dispose();
}
