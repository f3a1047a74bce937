using MudBlazor;
using MudBlazor.Services;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;

namespace ReleaseDashboard.Components;

/// <summary>What the pages need beside Core. Scoped means one browser window.</summary>
internal static class PagesServices
{
    internal static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = true;
            options.SnackbarConfiguration.ShowTransitionDuration = 100;
            options.SnackbarConfiguration.HideTransitionDuration = 100;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
        });
        services.AddScoped<Commands>();
        services.AddScoped<PageTrail>();
        services.AddScoped<Dialogs>();
        return services;
    }
}
