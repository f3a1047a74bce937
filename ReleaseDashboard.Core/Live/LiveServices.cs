using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Live;

internal static class LiveServices
{
    internal static IServiceCollection AddLive(this IServiceCollection services) => services;
}
