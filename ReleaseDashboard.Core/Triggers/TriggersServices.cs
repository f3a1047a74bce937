using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Triggers;

internal static class TriggersServices
{
    internal static IServiceCollection AddTriggers(this IServiceCollection services)
    {
        services.TryAddSingleton<FollowerRule>();
        services.TryAddSingleton<IPushTrigger, PushTrigger>();
        services.TryAddSingleton<RepositoryPoller>();
        services.TryAddSingleton<IRepositoryHealth>(provider => provider.GetRequiredService<RepositoryPoller>());
        // The sample first: its commit must stand in the ledger before the poller compares.
        services.AddHostedService<SampleSeeder>();
        services.AddHostedService(provider => provider.GetRequiredService<RepositoryPoller>());
        services.AddHostedService<ExpiryClock>();
        return services;
    }
}
