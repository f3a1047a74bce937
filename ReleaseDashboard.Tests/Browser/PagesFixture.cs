using Microsoft.Playwright;
using ReleaseDashboard.Tests.Fakes;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The real web host over an in-memory dashboard, and one Chromium that is signed in through the form.</summary>
public sealed class PagesFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private DashboardFactory? _dashboard;
    private string? _session;

    internal FakeViews Views { get; } = new(TimeProvider.System.GetUtcNow());
    internal FakeRunService Runs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Runs = new FakeRunService(Views);
        _dashboard = DashboardFactory.StartWithFakes(Views, Runs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("BROWSER_PATH") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        var context = await _browser.NewContextAsync(new() { BaseURL = _dashboard.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("Token").FillAsync(DashboardFactory.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ReadyAsync(page);
        _session = await context.StorageStateAsync();
        await context.CloseAsync();
    }

    /// <summary>A window of its own; every error of the page ends up in the list.</summary>
    internal async Task<(IPage Page, List<string> Errors)> OpenAsync(string path, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = _dashboard!.Address.ToString(),
            ColorScheme = scheme,
            StorageState = _session,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 844 },
        });
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            // The runs of the in-memory dashboard have no log, which its address says by 404.
            if (message.Type == "error" && !message.Location.Contains("/api/v1/runs/", StringComparison.Ordinal)) errors.Add($"{message.Text} {message.Location}");
        };
        await page.GotoAsync(path);
        await ReadyAsync(page);
        return (page, errors);
    }

    internal static async Task ReadyAsync(IPage page)
    {
        await page.WaitForSelectorAsync("html[data-ready=true]", new() { State = WaitForSelectorState.Attached });
        await page.WaitForSelectorAsync("h1");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_dashboard is not null) await _dashboard.DisposeAsync();
    }
}
