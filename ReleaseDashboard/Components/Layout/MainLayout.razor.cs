using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace ReleaseDashboard.Components.Layout;

/// <summary>The frame around every interactive page: providers, rail, top bar, banners. js/shell.js owns keys, clocks and copying.</summary>
public sealed partial class MainLayout
{
    private readonly MudTheme _theme = DashboardTheme.Create();
    private DotNetObjectReference<MainLayout>? _self;
    private IJSObjectReference? _shell;
    private ErrorBoundary? _boundary;
    private bool _dark;
    private bool _wide;
    private bool _started;

    [Inject] public required IJSRuntime Js { get; init; }
    [Inject] public required TimeProvider Time { get; init; }

    protected override void OnParametersSet() => _boundary?.Recover();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _self = DotNetObjectReference.Create(this);
        _shell = await Js.InvokeAsync<IJSObjectReference>("import", "./js/shell.js");
        var look = await _shell.InvokeAsync<Look>("start", _self, Time.GetUtcNow().ToUnixTimeMilliseconds());
        (_dark, _wide, _started) = (look.Dark, look.Wide, true);
        StateHasChanged();
        await _shell.InvokeVoidAsync("ready");
    }

    /// <summary>The system's own setting changed and nobody chose otherwise.</summary>
    [JSInvokable]
    public Task SystemThemeAsync(bool dark) => InvokeAsync(() =>
    {
        _dark = dark;
        StateHasChanged();
    });

    private async Task ToggleThemeAsync()
    {
        _dark = !_dark;
        if (_shell is not null) await _shell.InvokeVoidAsync("remember", "theme", _dark ? "dark" : "light");
    }

    private async Task ToggleRailAsync()
    {
        _wide = !_wide;
        if (_shell is not null) await _shell.InvokeVoidAsync("remember", "rail", _wide ? "wide" : "narrow");
    }

    public async ValueTask DisposeAsync()
    {
        _self?.Dispose();
        try
        {
            if (_shell is not null) await _shell.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and what it held with it.
        }
    }

    private sealed record Look(bool Dark, bool Wide);
}
