using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Support;

/// <summary>A real web server that plays an instance of a service.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    public const int TargetPort = 8080;
    private readonly WebApplication _app;

    private Upstream(WebApplication app, string name)
    {
        _app = app;
        Name = name;
    }

    public string Name { get; }

    public int Port => new Uri(_app.Urls.First()).Port;

    public ObservedInstance Instance => new(
        Name, Name, "web", "hash", InstanceStatus.Running, true, 0, "0123456789", null, null, [new InstanceEndpoint(TargetPort, "127.0.0.1", Port)]);

    public static async Task<Upstream> StartAsync(string name, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Upstream(app, name);
    }

    /// <summary>Stops at once: what is under way is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
