using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Engines.Fake;

namespace ReleaseDashboard.Core.Engines;

internal static class EnginesServices
{
    internal static IServiceCollection AddEngines(this IServiceCollection services)
    {
        services.TryAddSingleton<FakeEngine>();
        services.TryAddSingleton<FakeImageBuilder>();
        services.TryAddSingleton<IEngine>(provider => provider.GetRequiredService<FakeEngine>());
        services.TryAddSingleton<IImageBuilder>(provider => provider.GetRequiredService<FakeImageBuilder>());
        return services;
    }
}
