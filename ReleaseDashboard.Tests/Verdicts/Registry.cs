using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Verdicts;

/// <summary>As much of an image registry as it takes to refuse an image: one part has nothing, the other wants to know who asks.</summary>
internal sealed class Registry : IAsyncDisposable
{
    public const string Refusing = "registry.open";
    public const string Closed = "registry.closed";

    private readonly WebApplication _open;
    private readonly WebApplication _closed;

    private Registry(WebApplication open, WebApplication closed) => (_open, _closed) = (open, closed);

    public static async Task<Registry> StartAsync(CancellationToken cancellationToken)
    {
        var open = await StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/json";
                context.Response.StatusCode = context.Request.Path == "/v2/" ? 200 : 404;
                await context.Response.WriteAsync(context.Response.StatusCode == 200 ? "{}" : """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""", cancellationToken);
            },
            cancellationToken);
        var closed = await StartAsync(
            context =>
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"registry\"";
                context.Response.StatusCode = 401;
                return Task.CompletedTask;
            },
            cancellationToken);
        return new Registry(open, closed);
    }

    /// <summary>With the addresses of the registries in the names of images.</summary>
    public DesiredState Named(DesiredState desired) => desired with
    {
        Services = [.. desired.Services.Select(s => s with { Image = s.Image.Replace(Refusing, Address(_open), StringComparison.Ordinal).Replace(Closed, Address(_closed), StringComparison.Ordinal) })],
    };

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await _closed.DisposeAsync();
    }

    private static string Address(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    private static async Task<WebApplication> StartAsync(RequestDelegate answer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(answer);
        await app.StartAsync(cancellationToken);
        return app;
    }
}
