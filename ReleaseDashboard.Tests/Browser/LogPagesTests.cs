using System.Text.RegularExpressions;
using Microsoft.Playwright;
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

    [GeneratedRegex(@"^/js/log-viewer(-\w+)?\.\w{10}\.js$")]
    private static partial Regex Fingerprinted();
}
