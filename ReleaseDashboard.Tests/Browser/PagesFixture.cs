using Microsoft.Playwright;
using ReleaseDashboard.Tests.Fakes;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The real web host over an in-memory dashboard, and one Chromium that is signed in through the form.</summary>
public sealed class PagesFixture : IAsyncLifetime
{
    private Chromium? _chromium;
    private DashboardFactory? _dashboard;
    private string? _session;

    internal FakeViews Views { get; } = new(TimeProvider.System.GetUtcNow());
    internal FakeRunService Runs { get; private set; } = null!;
    internal IServiceProvider Services => _dashboard!.Services;

    public async ValueTask InitializeAsync()
    {
        Runs = new FakeRunService(Views);
        _dashboard = DashboardFactory.StartWithFakes(Views, Runs);
        _chromium = await Chromium.LaunchAsync();
        var page = await _chromium.OpenAsync(new() { BaseURL = _dashboard.Address.ToString() });
        await page.GotoAsync("/");
        await page.GetByLabel("Token").FillAsync(DashboardFactory.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Chromium.ReadyAsync(page);
        _session = await page.Context.StorageStateAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>A window of its own; every error of the page ends up in the list.</summary>
    internal async Task<(IPage Page, List<string> Errors)> OpenAsync(string path, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var page = await _chromium!.OpenAsync(new()
        {
            BaseURL = _dashboard!.Address.ToString(),
            ColorScheme = scheme,
            StorageState = _session,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 844 },
        });
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            // The runs of the in-memory dashboard have no log, which its address says by 404.
            if (message.Type == "error" && !message.Location.Contains("/api/v1/runs/", StringComparison.Ordinal)) errors.Add($"{message.Text} {message.Location}");
        };
        await Chromium.GoAsync(page, path);
        return (page, errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_dashboard is not null) await _dashboard.DisposeAsync();
    }
}
