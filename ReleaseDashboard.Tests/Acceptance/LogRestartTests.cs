using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Browser;
using ReleaseDashboard.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>A page that shows a growing log while the dashboard is killed and started again, and while the machine it is on sleeps.</summary>
[Trait("Needs", "Docker")]
[Collection(RunsAlone.Name)]
public sealed class LogRestartTests : IAsyncLifetime
{
    private const string Ticks = "i=0; while [ ! -f /go ]; do i=$((i+1)); echo tick $i.; sleep 0.2; done";

    private readonly TemporaryFolder _data = new();
    private DashboardProcess _dashboard = null!;
    private Chromium _chromium = null!;

    private DashboardApi Api => _dashboard.Api;

    public async ValueTask InitializeAsync()
    {
        _chromium = await Chromium.LaunchAsync();
        _dashboard = new DashboardProcess(_data.Path);
        await _dashboard.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await Leftovers.RemoveAsync(Api);
        await _dashboard.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Fails in about one run of three: after the sleep the page is live and stays where it was instead of following. Ordinary again when that is mended.</summary>
    [Fact(Explicit = true)]
    public async Task Page_GoesOnFollowingByItselfAfterTheDashboardWasKilledAndAfterASleepInWhichItWas()
    {
        using var application = await TestApplication.CreateAsync(_dashboard, TestApplication.Template(TestApplication.NewName(), job: Ticks));
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var run = await Api.RunIdAsync(deployment, "setup");
        var page = await _chromium.OpenAsync();
        await Chromium.GoAsync(page, _dashboard.SignInLink);
        await Chromium.GoAsync(page, $"{_dashboard.Address}deployments/{deployment}?stage=setup");
        await Expect(Tick(page, 20)).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await _dashboard.KillAsync();
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await _dashboard.StartAsync();
        await FollowsAsync(page, run);

        // The lid is closed: the page does nothing, and when it wakes nobody knows its circuit any more.
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("Page.setWebLifecycleState", new() { ["state"] = "frozen" });
        await _dashboard.KillAndRestartAsync();
        var asleep = await LastTickAsync(run);
        await Eventually.TrueAsync(async () => await LastTickAsync(run) > asleep + 30, "the job goes on while the page sleeps");
        await devtools.SendAsync("Page.setWebLifecycleState", new() { ["state"] = "active" });
        await page.BringToFrontAsync();
        await FollowsAsync(page, run);

        var job = await Tool.DockerAsync("ps", "-q", "--filter", $"label=release.environment={environment}", "--filter", "label=release.job");
        await Tool.DockerAsync("exec", job, "touch", "/go");
        await Api.SucceededAsync(deployment);
        var last = await LastTickAsync(run);
        Assert.Equal(Enumerable.Range(1, last), await TicksAsync(run));
        await Expect(Tick(page, last)).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    /// <summary>What is printed from now on comes into view, each line below the one before it.</summary>
    private async Task FollowsAsync(IPage page, string run)
    {
        for (var more = 0; more < 3; more++)
        {
            var goal = await LastTickAsync(run) + 5;
            try
            {
                await Eventually.TrueAsync(async () => (await ShownAsync(page)).LastOrDefault() >= goal, $"tick {goal} is shown", TimeSpan.FromSeconds(90));
            }
            catch (TimeoutException e)
            {
                throw new InvalidOperationException($"{page.Url} shows:\n{await page.Locator("body").InnerTextAsync()}\nThe dashboard said:\n{_dashboard.Output}", e);
            }
        }

        await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Expect(page.Locator(".lv-status")).ToContainTextAsync("live");
        var ticks = await ShownAsync(page);
        Assert.Equal(Enumerable.Range(ticks[0], ticks.Length), ticks);
    }

    /// <summary>The ticks in view; none while the page is loaded again.</summary>
    private static async Task<int[]> ShownAsync(IPage page)
    {
        try
        {
            var rows = await page.GetByRole(AriaRole.Log, new() { Name = "Stage log" }).Locator("[data-line]").AllInnerTextsAsync();
            return [.. rows.Select(r => Regex.Match(r, @"tick (\d+)\.")).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].Value))];
        }
        catch (PlaywrightException e) when (e.Message.Contains("context was destroyed", StringComparison.Ordinal) || e.Message.Contains("navigat", StringComparison.Ordinal))
        {
            return [];
        }
    }

    private static ILocator Tick(IPage page, int n) => page.GetByRole(AriaRole.Log, new() { Name = "Stage log" }).Locator("[data-line]").Filter(new() { HasText = $"tick {n}." }).First;

    private async Task<int> LastTickAsync(string run) => (await TicksAsync(run)) is [.., var last] ? last : 0;

    private async Task<IReadOnlyList<int>> TicksAsync(string run) =>
        [.. Regex.Matches(await Api.RawLogAsync(run), @"^tick (\d+)\.\r?$", RegexOptions.Multiline).Select(m => int.Parse(m.Groups[1].Value))];
}
