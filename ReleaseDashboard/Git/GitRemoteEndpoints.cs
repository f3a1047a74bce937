using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Git;

/// <summary><c>/git/&lt;application&gt;.git</c>: the remote of applications hosted here. Signed in by a token as the password; the user name is free.</summary>
internal static class GitRemoteEndpoints
{
    public static void MapGitRemote(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/git/{application}.git").ExcludeFromDescription();
        group.MapGet("/info/refs", (HttpContext context, string application) => ServeAsync(context, application, "info/refs"));
        group.MapPost("/git-upload-pack", (HttpContext context, string application) => ServeAsync(context, application, "git-upload-pack"));
        group.MapPost("/git-receive-pack", (HttpContext context, string application) => ServeAsync(context, application, "git-receive-pack"));
    }

    private static async Task ServeAsync(HttpContext context, string name, string service)
    {
        var application = await context.RequestServices.GetRequiredService<IRecordStore>().FindApplicationAsync(name, context.RequestAborted);
        if (application is not { Hosted: true })
        {
            await RefuseAsync(context, $"There is no repository of that name here. Hosted applications have one at {context.Request.Scheme}://{context.Request.Host}/git/<application>.git.");
            return;
        }

        // The dumb protocol, which serves files as they lie on disk, stays out.
        if (service == "info/refs" && context.Request.Query["service"].ToString() is not ("git-upload-pack" or "git-receive-pack"))
        {
            await RefuseAsync(context, "This git client is too old: it does not speak the smart protocol.");
            return;
        }

        Unlimited(context);
        var request = context.Request;
        await context.RequestServices.GetRequiredService<IGitRemote>().ServeAsync(
            new GitRemoteRequest(
                application.Name,
                application.TrackingBranch,
                service,
                request.Method,
                request.QueryString.Value?.TrimStart('?') ?? "",
                request.ContentType,
                request.Headers.ContentEncoding,
                request.ContentLength,
                request.Headers["Git-Protocol"],
                context.User.Identity?.Name ?? Actor.Owner.Name,
                request.Body),
            new GitRemoteAnswer(context, application),
            context.RequestAborted);
    }

    /// <summary>A push is as large as it is, and a client that packs its objects sends nothing for a while.</summary>
    private static void Unlimited(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate) requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate) responseRate.MinDataRate = null;
    }

    private static Task RefuseAsync(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }
}
