using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Store;

internal static class StoreServices
{
    internal static IServiceCollection AddStore(this IServiceCollection services) => services;
}
