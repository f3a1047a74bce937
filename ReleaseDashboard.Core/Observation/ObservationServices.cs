using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Observation;

internal static class ObservationServices
{
    internal static IServiceCollection AddObservation(this IServiceCollection services) => services;
}
