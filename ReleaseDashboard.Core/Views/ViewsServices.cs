using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Views;

internal static class ViewsServices
{
    internal static IServiceCollection AddViews(this IServiceCollection services) => services;
}
