using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Logs;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Fakes;

namespace ReleaseDashboard.Tests.Components;

/// <summary>Renders pages over an in-memory dashboard. The log viewer is left out: it belongs to the browser.</summary>
internal sealed class PageContext : BunitContext
{
    public PageContext()
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Views = new FakeViews(Clock.GetUtcNow());
        Runs = new FakeRunService(Views);
        JSInterop.Mode = JSRuntimeMode.Loose;
        ComponentFactories.AddStub<LogViewer>();
        Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<IDashboardViews>(Views);
        Services.AddSingleton<IRunService>(Runs);
        Services.AddSingleton<IChangeFeed>(Feed);
        Services.AddSingleton<IEnvironmentObserver>(Observer);
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn());
        Services.AddOptions<CoreOptions>();
        Services.AddScoped<Commands>();
        Services.AddScoped<PageTrail>();
        Services.AddScoped<Dialogs>();
    }

    public FakeTimeProvider Clock { get; }
    public FakeViews Views { get; }
    public FakeRunService Runs { get; }
    public FakeChangeFeed Feed { get; } = new();
    public FakeObserver Observer { get; } = new();

    public string Address => Services.GetRequiredService<NavigationManager>().Uri;

    /// <summary>Opens a dialog the way a page does.</summary>
    public async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(Func<Dialogs, Task> open)
    {
        var provider = Render<MudDialogProvider>();
        await provider.InvokeAsync(() => open(Services.GetRequiredService<Dialogs>()));
        return provider;
    }

    private sealed class SignedIn : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test"))));
    }
}

internal static class MarkupExtensions
{
    /// <summary>The button with exactly this name.</summary>
    public static AngleSharp.Dom.IElement Button(this IRenderedComponent<IComponent> part, string name) =>
        part.FindButton(name) ?? throw new InvalidOperationException($"There is no button {name} in: {part.Markup}");

    public static AngleSharp.Dom.IElement? FindButton(this IRenderedComponent<IComponent> part, string name) =>
        part.FindAll("button").FirstOrDefault(b => b.TextContent.Trim() == name);
}
