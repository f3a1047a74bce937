using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Runs;

internal static class RunsServices
{
    internal static IServiceCollection AddRuns(this IServiceCollection services) => services;
}
