using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ReleaseDashboard.Core.Observation;

namespace ReleaseDashboard.Core.Routing;

internal static class RoutingServices
{
    internal static IServiceCollection AddRouting(this IServiceCollection services)
    {
        services.TryAddSingleton<RouteTable>();
        services.TryAddSingleton<IRouteTable>(provider => provider.GetRequiredService<RouteTable>());
        services.TryAddSingleton<IRouteUpdates>(provider => provider.GetRequiredService<RouteTable>());
        services.TryAddSingleton<RouteLoader>();
        services.AddSingleton<IObservationListener>(provider => provider.GetRequiredService<RouteLoader>());
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RouteLoader>());
    }
}
