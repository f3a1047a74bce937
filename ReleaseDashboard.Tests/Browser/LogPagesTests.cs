using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The viewer as a part of the pages: its address and its scripts.</summary>
[Trait("Needs", "Chromium")]
[Collection(RunsAlone.Name)]
public sealed partial class LogPagesTests(PagesFixture dashboard) : IClassFixture<PagesFixture>
{
    [Fact]
    public async Task ChosenOutput_IsInTheAddressAndStaysAfterReload()
    {
        var (page, _) = await dashboard.OpenAsync("/environments/ted1bc4?tab=logs");
        await page.GetByLabel("Output of").First.ClickAsync();
        await page.Locator(".mud-list-item").GetByText("worker · all instances").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?tab=logs&output=worker$"));
        await Chromium.GoAsync(page, page.Url);
        await Expect(page.GetByLabel("Output of").First).ToHaveValueAsync("worker · all instances");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Scripts_OfAPageWithALog_AreNamedInItsHeadAndFetchedOnce()
    {
        var (page, _) = await dashboard.OpenAsync("/environments/ted1bc4");
        await Expect(page.GetByRole(AriaRole.Log).First).ToBeAttachedAsync();
        await Expect(page.Locator(".lv-status").First).Not.ToBeEmptyAsync();
        var fetched = await page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(r => new URL(r.name).pathname).filter(p => p.startsWith('/js/log-viewer') && p.endsWith('.js'))");
        var named = await page.Locator("head link[rel=modulepreload]").EvaluateAllAsync<string[]>("links => links.map(l => new URL(l.href).pathname)");
        Assert.Equal(named.Order(), fetched.Order());
        Assert.All(fetched, address => Assert.Matches(Fingerprinted(), address));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Service_HasALinkToItsLogs_AndSoHasEachInstance()
    {
        var (page, errors) = await dashboard.OpenAsync("/environments/ted1bc4");
        var row = page.Locator("tr[data-service=web]");
        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "Logs of web", Exact = true }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?tab=logs&output=web#details$"));
        await Expect(page.GetByLabel("Output of").First).ToHaveValueAsync("web · all instances");
        await Expect(page.GetByLabel("Output of").First).ToBeInViewportAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "Logs of shop-ted1bc4-web-2", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Output of").First).ToHaveValueAsync("web · shop-ted1bc4-web-2");
        Assert.Empty(errors);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Output_ALinkToItsLines_OpensThereAndKeepsThem()
    {
        var store = dashboard.Services.GetRequiredService<ILogStore>();
        await using (var writer = store.OpenWriter("instance-ted1bc4-cweb10011223344", []))
            await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 300).Select(n => $"line {n}")));
        var (page, errors) = await dashboard.OpenAsync("/environments/ted1bc4?tab=logs&output=web%2Fcweb10011223344");
        var log = Output(page);
        await Expect(log.Locator("[data-line='300']")).ToBeVisibleAsync();
        await log.Locator("[data-line='295'] .lv-n").ClickAsync();
        await log.FocusAsync();
        var pinned = await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("c"), r => r.Url.EndsWith("/pins", StringComparison.Ordinal));
        Assert.Equal(201, pinned.Status);
        Assert.Matches("/environments/ted1bc4/instances/cweb10011223344/log/pins$", pinned.Url);
        Assert.Matches(@"/environments/ted1bc4\?tab=logs&output=web%2Fcweb10011223344#L295$", page.Url);
        await page.Context.CloseAsync();

        (page, var more) = await dashboard.OpenAsync(new Uri(page.Url).PathAndQuery + "#L20-L22");
        await Expect(Output(page).Locator(".lv-marked")).ToHaveCountAsync(3);
        await Expect(Output(page).Locator("[data-line='20']")).ToBeInViewportAsync();
        Assert.Empty(errors.Concat(more));
        await page.Context.CloseAsync();
    }

    private static ILocator Output(IPage page) => page.GetByRole(AriaRole.Log, new() { Name = "Output of shop-ted1bc4-web-1" });

    [GeneratedRegex(@"^/js/log-viewer(-\w+)?\.\w{10}\.js$")]
    private static partial Regex Fingerprinted();
}
