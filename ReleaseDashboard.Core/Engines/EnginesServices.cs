using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Engines.Docker.BuildKit;
using ReleaseDashboard.Core.Engines.Fake;

namespace ReleaseDashboard.Core.Engines;

internal static class EnginesServices
{
    private const string Fake = "fake";

    internal static IServiceCollection AddEngines(this IServiceCollection services)
    {
        services.TryAddSingleton<FakeEngine>();
        services.TryAddSingleton<FakeImageBuilder>();
        services.TryAddSingleton<DockerConnection>();
        services.TryAddSingleton<DockerEngine>();
        services.TryAddSingleton<IEngine>(provider => IsFake(provider) ? provider.GetRequiredService<FakeEngine>() : provider.GetRequiredService<DockerEngine>());
        services.TryAddSingleton<BuildKitImageBuilder>();
        services.TryAddSingleton<IImageBuilder>(provider => IsFake(provider) ? provider.GetRequiredService<FakeImageBuilder>() : provider.GetRequiredService<BuildKitImageBuilder>());
        return services;
    }

    private static bool IsFake(IServiceProvider provider) => provider.GetRequiredService<IOptions<CoreOptions>>().Value.Engine == Fake;
}
