using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Views;

internal static class ViewsServices
{
    internal static IServiceCollection AddViews(this IServiceCollection services)
    {
        services.TryAddSingleton<QueueReader>();
        services.TryAddSingleton<EnvironmentReader>();
        services.TryAddSingleton<IDashboardViews, DashboardViews>();
        services.TryAddSingleton<IRunLogs, RunLogs>();
        return services;
    }
}
