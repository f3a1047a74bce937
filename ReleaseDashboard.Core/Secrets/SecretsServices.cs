using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Secrets;

internal static class SecretsServices
{
    internal static IServiceCollection AddSecrets(this IServiceCollection services) => services;
}
