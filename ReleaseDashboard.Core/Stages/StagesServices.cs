using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Stages;

internal static class StagesServices
{
    internal static IServiceCollection AddStages(this IServiceCollection services) => services;
}
