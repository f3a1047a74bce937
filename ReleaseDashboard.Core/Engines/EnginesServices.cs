using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Engines;

internal static class EnginesServices
{
    internal static IServiceCollection AddEngines(this IServiceCollection services) => services;
}
