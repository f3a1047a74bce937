using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Stages;

internal static class StagesServices
{
    internal static IServiceCollection AddStages(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new StageTools(
            provider.GetRequiredService<IEngine>(),
            provider.GetRequiredService<IRecordStore>(),
            provider.GetRequiredService<ILogStore>(),
            provider.GetRequiredService<IRouteTable>(),
            provider.GetRequiredService<IRouteUpdates>(),
            provider.GetRequiredService<IEnvironmentObserver>(),
            provider.GetRequiredService<IInstanceLogs>(),
            provider.GetRequiredService<TimeProvider>(),
            TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<CoreOptions>>().Value.DrainSeconds)));
        services.TryAddSingleton<BuildChoice>();
        services.TryAddSingleton<IDesiredStates, DesiredStateLoader>();
        services.TryAddSingleton<IStagePlans, StagePlans>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStageRunner, BuildStage>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStageRunner, SetupStage>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStageRunner, PatchStage>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStageRunner, TeardownStage>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStageRunner, PauseStage>());
        return services;
    }
}
