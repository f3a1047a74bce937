using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Git;

internal static class GitServices
{
    internal static IServiceCollection AddGit(this IServiceCollection services) => services;
}
