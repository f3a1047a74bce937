using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Runs.Commands;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

internal static class RunsServices
{
    internal static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton<IStoreListener, ChangePublisher>();
        services.TryAddSingleton<ITextProtection, VaultProtection>();
        services.TryAddSingleton<IFreeSpace, FreeSpace>();
        services.TryAddSingleton<IStorageGuard, StorageGuard>();
        services.TryAddSingleton<ITemplateReader, TemplateReader>();
        services.TryAddSingleton<RunWaker>();
        services.TryAddSingleton<IRunWaker>(provider => provider.GetRequiredService<RunWaker>());
        services.TryAddSingleton<ActiveRuns>();
        services.TryAddSingleton<LeaseKeeper>();
        services.TryAddSingleton<EngineWait>();
        services.TryAddSingleton<RunSecrets>();
        services.TryAddSingleton<IEnvironmentSecrets>(provider => provider.GetRequiredService<RunSecrets>());
        services.TryAddSingleton<RunExecutor>();
        services.TryAddSingleton<RunTakeover>();
        services.TryAddSingleton<RunWorker>();
        services.TryAddSingleton<IWorkerHealth>(provider => provider.GetRequiredService<RunWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<RunWorker>());
        services.AddHostedService<RunRescuer>();
        services.AddHostedService<LogRetention>();
        return services.AddCommands();
    }

    private static IServiceCollection AddCommands(this IServiceCollection services)
    {
        services.TryAddSingleton<CommandRunner>();
        services.TryAddSingleton<CommitSource>();
        services.TryAddSingleton<ApplicationCommands>();
        services.TryAddSingleton<ConfigurationCommands>();
        services.TryAddSingleton<BuildCommands>();
        services.TryAddSingleton<EnvironmentCommands>();
        services.TryAddSingleton<DeployCommands>();
        services.TryAddSingleton<PlanPreview>();
        services.TryAddSingleton<IRunService, RunService>();
        return services;
    }
}
