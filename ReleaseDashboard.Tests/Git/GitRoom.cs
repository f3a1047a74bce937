using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Git;

/// <summary>The Git room on its own, with a data directory of its own.</summary>
internal sealed class GitRoom : IDisposable
{
    private readonly ServiceProvider _services;

    public GitRoom()
    {
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .Configure<CoreOptions>(o => o.DataDirectory = Sandbox.PathOf("data"))
            .AddGit()
            .BuildServiceProvider();
    }

    public GitSandbox Sandbox { get; } = new();

    public IGitRepositories Repositories => _services.GetRequiredService<IGitRepositories>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static Application Of(string repository, string name = "shop", bool hosted = false) =>
        new(name, repository, hosted, "main", 1, DateTimeOffset.UnixEpoch);

    public void Dispose()
    {
        _services.Dispose();
        Sandbox.Dispose();
    }
}
