using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ReleaseDashboard.Core.Observation;

internal static class ObservationServices
{
    internal static IServiceCollection AddObservation(this IServiceCollection services)
    {
        services.TryAddSingleton<EngineAvailability>();
        services.TryAddSingleton<UsageMeter>();
        services.TryAddSingleton<EnvironmentLooks>();
        services.TryAddSingleton<EnvironmentObserver>();
        services.TryAddSingleton<IEnvironmentObserver>(p => p.GetRequiredService<EnvironmentObserver>());
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<EnvironmentObserver>());
        services.TryAddSingleton<InstanceLogs>();
        services.TryAddSingleton<IInstanceLogs>(p => p.GetRequiredService<InstanceLogs>());
        services.AddSingleton<IObservationListener>(p => p.GetRequiredService<InstanceLogs>());
        services.AddHostedService(p => p.GetRequiredService<InstanceLogs>());
        return services;
    }
}
