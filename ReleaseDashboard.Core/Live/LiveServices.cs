using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Live;

internal static class LiveServices
{
    internal static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.TryAddSingleton<IChangeFeed, ChangeFeed>();
        return services;
    }
}
