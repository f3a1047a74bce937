using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Triggers;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Triggers;

/// <summary>The rooms Git and Triggers as they are, on real repositories; commands and records are remembered in memory.</summary>
internal sealed class TriggerRoom : IDisposable
{
    private readonly ServiceProvider _services;

    public TriggerRoom(TimeProvider? time = null, Action<CoreOptions>? configure = null)
    {
        Records = new MemoryRecords(Runs);
        _services = AddTo(new ServiceCollection().AddLogging().AddSingleton(time ?? TimeProvider.System), configure).BuildServiceProvider();
    }

    public GitSandbox Sandbox { get; } = new();
    public RecordingRuns Runs { get; } = new();
    public MemoryRecords Records { get; }
    public string Data => Sandbox.PathOf("data");
    public IPushTrigger Trigger => _services.GetRequiredService<IPushTrigger>();
    public IRepositoryHealth Health => _services.GetRequiredService<IRepositoryHealth>();
    public IGitRepositories Repositories => _services.GetRequiredService<IGitRepositories>();

    public IServiceCollection AddTo(IServiceCollection services, Action<CoreOptions>? configure = null)
    {
        Directory.CreateDirectory(Data);
        services.Configure<CoreOptions>(o =>
        {
            o.DataDirectory = Data;
            o.GitPollSeconds = 5;
            configure?.Invoke(o);
        });
        services.AddSingleton<IRunService>(Runs).AddSingleton<IRecordStore>(Records).AddSingleton<IRefStore>(Records).AddSingleton<IDashboardViews>(Records);
        return services.AddLive().AddGit().AddTriggers();
    }

    public T Hosted<T>() where T : IHostedService => _services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>A hosted application with an empty repository.</summary>
    public async Task<(Application Application, string Path)> HostAsync(string name, CancellationToken cancellationToken)
    {
        var path = await Repositories.CreateHostedAsync(name, cancellationToken);
        var application = new Application(name, path, true, "main", 1, DateTimeOffset.UnixEpoch);
        Records.Applications.Add(application);
        return (application, path);
    }

    public Application Add(string name, string repository)
    {
        var application = new Application(name, repository, false, "main", 1, DateTimeOffset.UnixEpoch);
        Records.Applications.Add(application);
        return application;
    }

    public void Dispose()
    {
        _services.Dispose();
        Sandbox.Dispose();
    }
}
