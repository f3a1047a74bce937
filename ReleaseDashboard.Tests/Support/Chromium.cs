using Microsoft.Playwright;

namespace ReleaseDashboard.Tests.Support;

/// <summary>The machine's own Chromium; nothing is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string NetworkChanged = "ERR_NETWORK_CHANGED";
    private const int Attempts = 4;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("BROWSER_PATH") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        }));
    }

    /// <summary>A browser of its own (cookies, storage) for one person.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null) => await (await _browser.NewContextAsync(options ?? new())).NewPageAsync();

    /// <summary>
    /// Goes to an address of the dashboard and waits until the page is interactive. Where Docker makes or removes a network of this machine meanwhile, Chromium ends what is loading; then it is
    /// loaded again.
    /// </summary>
    public static async Task GoAsync(IPage page, string address)
    {
        for (var attempt = 1; ; attempt++)
        {
            var torn = new TaskCompletionSource();
            page.RequestFailed += Watch;
            try
            {
                await page.GotoAsync(address);
                var ready = ReadyAsync(page);
                if (await Task.WhenAny(ready, torn.Task) == ready || attempt == Attempts)
                {
                    await ready;
                    return;
                }

                _ = ready.ContinueWith(late => late.Exception, TaskScheduler.Default);
            }
            catch (PlaywrightException problem) when (attempt < Attempts && problem.Message.Contains(NetworkChanged, StringComparison.Ordinal))
            {
                // Once more.
            }
            finally
            {
                page.RequestFailed -= Watch;
            }

            void Watch(object? sender, IRequest request)
            {
                if (request.Failure?.Contains(NetworkChanged, StringComparison.Ordinal) == true) torn.TrySetResult();
            }
        }
    }

    public static async Task ReadyAsync(IPage page)
    {
        await page.WaitForSelectorAsync("html[data-ready=true]", new() { State = WaitForSelectorState.Attached });
        await page.WaitForSelectorAsync("h1");
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
