using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Observation;

internal static class ObservationServices
{
    internal static IServiceCollection AddObservation(this IServiceCollection services)
    {
        services.TryAddSingleton<InstanceLogs>();
        services.TryAddSingleton<IInstanceLogs>(p => p.GetRequiredService<InstanceLogs>());
        services.AddHostedService(p => p.GetRequiredService<InstanceLogs>());
        return services;
    }
}
