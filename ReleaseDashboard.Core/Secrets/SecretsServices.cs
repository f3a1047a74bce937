using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Secrets;

internal static class SecretsServices
{
    internal static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.TryAddSingleton<ISecretVault, SecretVault>();
        return services;
    }
}
