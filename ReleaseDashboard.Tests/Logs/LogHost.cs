using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints;
using ReleaseDashboard.Hubs;
using ReleaseDashboard.Tests.Browser;
using ReleaseDashboard.Tests.Fakes;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>The log room's own web: endpoints, hub and viewer over real files; only the records of runs are made up, and nobody has to sign in.</summary>
public sealed class LogHost : IAsyncLifetime
{
    private readonly LogFixture _logs = new();
    private WebApplication? _app;

    internal FileLogStore Store => _logs.Store;

    internal string DataDirectory => _logs.DataDirectory;

    internal FakeRecords Records { get; private set; } = null!;

    internal FakeEngine Engine => Services.GetRequiredService<FakeEngine>();

    internal IServiceProvider Services => _app!.Services;

    internal FakeHistory History { get; } = new();

    internal FakeChangeFeed Feed { get; } = new();

    internal FakeViews Views { get; } = new(TimeProvider.System.GetUtcNow());

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var (records, fake) = FakeRecords.Make();
        Records = fake;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(LogHost).Assembly.GetName().Name, EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddEndpoints();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<FakeEngine>().AddSingleton<IEngine>(p => p.GetRequiredService<FakeEngine>());
        builder.Services.AddSingleton<ILogStore>(_logs.Store).AddSingleton<ILogTail>(_logs.Store).AddSingleton(records).AddSingleton<IChangeFeed>(Feed).AddSingleton<IRunLogs, RunLogs>().AddSingleton<IDashboardViews>(Views).AddSingleton<IEnvironmentSecrets>(new Secrets());
        builder.Services.AddSingleton<ILogContents>(_logs.Store).AddSingleton<OutlineCache>().AddSingleton<ILogQuestions, LogQuestions>().AddSingleton<IRunHistory>(History);
        builder.Services.AddSingleton<ILogTimelines>(_logs.Timelines).AddSingleton<InstanceLogs>().AddSingleton<IInstanceLogs>(p => p.GetRequiredService<InstanceLogs>()).AddHostedService(p => p.GetRequiredService<InstanceLogs>());
        _app = builder.Build();
        _app.UseMiddleware<ExceptionAnswers>();
        _app.UseAntiforgery();
        _app.MapStaticAssets();
        _app.MapGroup("/api/v1").MapLogs();
        _app.MapHub<LogHub>("/hubs/logs");
        _app.MapRazorComponents<LogViewerPage>().AddInteractiveServerRenderMode();
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _logs.Dispose();
    }

    /// <summary>Every environment has one secret.</summary>
    private sealed class Secrets : IEnvironmentSecrets
    {
        public Task<IReadOnlyCollection<string>> OfAsync(string environment, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>(["correct-horse"]);
    }
}
