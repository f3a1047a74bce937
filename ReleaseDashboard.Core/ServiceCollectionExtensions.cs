using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Secrets;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Triggers;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Core;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Everything but the web. The caller registers <see cref="IPublicAddress"/> and configures <see cref="CoreOptions"/>. A room's registrations stand
    /// in the room; all are <c>TryAdd</c>, so that a test registers its own part first.
    /// </summary>
    public static IServiceCollection AddReleaseCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddLive()
            .AddSecrets()
            .AddStore()
            .AddLogs()
            .AddGit()
            .AddEngines()
            .AddRouting()
            .AddStages()
            .AddObservation()
            .AddRuns()
            .AddTriggers()
            .AddViews();
    }
}
