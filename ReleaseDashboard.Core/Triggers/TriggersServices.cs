using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Triggers;

internal static class TriggersServices
{
    internal static IServiceCollection AddTriggers(this IServiceCollection services) => services;
}
