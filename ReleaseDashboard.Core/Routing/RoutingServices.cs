using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Routing;

internal static class RoutingServices
{
    internal static IServiceCollection AddRouting(this IServiceCollection services) => services;
}
