using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

internal static class RunsServices
{
    internal static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton<IStoreListener, ChangePublisher>();
        services.TryAddSingleton<ITextProtection, VaultProtection>();
        return services;
    }
}
