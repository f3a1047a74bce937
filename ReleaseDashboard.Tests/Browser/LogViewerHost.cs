using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Tests.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The viewer in a real browser.</summary>
public sealed class LogViewerHost : IAsyncLifetime
{
    private readonly LogHost _host = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal FileLogStore Store => _host.Store;

    internal ILogTimelines Timelines => _host.Services.GetRequiredService<ILogTimelines>();

    /// <summary>What a log's raw text is at its address.</summary>
    public async Task<byte[]> RawAsync(int run, string form = "raw")
    {
        using var http = new HttpClient();
        return await http.GetByteArrayAsync($"{_host.Address}/api/v1/runs/{run}/log/{form}", LogFixture.Cancellation);
    }

    /// <summary>Steps of the runs, and the green run before them.</summary>
    internal FakeHistory History => _host.History;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("BROWSER_PATH") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    /// <summary>A page in a context of its own; an error in the page or a broken circuit fails the test when the page is disposed.</summary>
    public async Task<ViewerPage> OpenAsync(string query, int width = 1200, int height = 800, Func<IPage, Task>? beforeLoad = null)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Permissions = ["clipboard-read", "clipboard-write"] });
        var page = new ViewerPage(await context.NewPageAsync());
        if (beforeLoad is not null) await beforeLoad(page.Page);
        await page.Page.GotoAsync($"{_host.Address}/?{query}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await _host.DisposeAsync();
    }
}

/// <summary>The viewer as a user meets it.</summary>
public sealed class ViewerPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    public ViewerPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            // Docker made or removed a network of this machine: the viewer asks again, and the page has no part in it.
            if (message.Type == "error" && !message.Text.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal)) _errors.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public ILocator Log => Page.GetByRole(AriaRole.Log, new() { Name = "Stage log" });

    /// <summary>Errors the page is meant to have in this test, such as a refused connection.</summary>
    public bool ErrorsExpected { get; set; }

    public ILocator Line(long n) => Log.Locator($"[data-line='{n}']");

    public ILocator Text(long n) => Line(n).Locator(".lv-x");

    public ILocator Head(string name) => Log.GetByRole(AriaRole.Button, new() { Name = name });

    public async Task PressAsync(params string[] keys)
    {
        await Log.FocusAsync();
        foreach (var key in keys) await Page.Keyboard.PressAsync(key);
    }

    public Task<string> ClipboardAsync() => Page.EvaluateAsync<string>("navigator.clipboard.readText()");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public async ValueTask DisposeAsync()
    {
        var broken = await Page.Locator("#blazor-error-ui:visible").CountAsync();
        await Page.Context.DisposeAsync();
        Assert.True(ErrorsExpected || (_errors.Count == 0 && broken == 0), string.Join('\n', _errors));
    }
}
