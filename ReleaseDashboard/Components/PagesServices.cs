using MudBlazor.Services;

namespace ReleaseDashboard.Components;

internal static class PagesServices
{
    internal static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services.AddMudServices();
    }
}
