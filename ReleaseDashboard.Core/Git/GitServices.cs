using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Git;

internal static class GitServices
{
    internal static IServiceCollection AddGit(this IServiceCollection services)
    {
        services.TryAddSingleton<GitHome>();
        services.TryAddSingleton<GitProcess>();
        services.TryAddSingleton<GitRemotes>();
        services.TryAddSingleton<HostedRepositories>();
        services.TryAddSingleton<GitContext>();
        services.TryAddSingleton<IGitRemote, GitRemote>();
        services.TryAddSingleton<IGitRepositories, GitRepositories>();
        return services;
    }
}
