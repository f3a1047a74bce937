using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>Clicks in a real browser, on a real engine.</summary>
[Trait("Needs", "Docker")]
public sealed class BrowserTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>, IAsyncLifetime
{
    private Chromium _chromium = null!;

    private DashboardApi Api => fixture.Api;

    public async ValueTask InitializeAsync() => _chromium = await Chromium.LaunchAsync();

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    [Fact]
    public async Task Line_OfAJob_IsInTwoBrowsersWhileTheJobRunsAndStaysAfterReloadAndRestart()
    {
        // The job ends when it is told to: what is seen before is seen live.
        var template = TestApplication.Template(TestApplication.NewName(), job: "echo the mark; while [ ! -f /go ]; do sleep 0.1; done; echo late");
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, template);
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var (first, second) = (await SignedInAsync(), await SignedInAsync());
        foreach (var page in (IPage[])[first, second]) await Chromium.GoAsync(page, $"{fixture.Dashboard.Address}environments/{environment}");

        var run = await Api.RunIdAsync(deployment, "setup");
        foreach (var page in (IPage[])[first, second]) await Assertions.Expect(Row(page, "the mark")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var job = await Tool.DockerAsync("ps", "-q", "--filter", $"label=release.environment={environment}", "--filter", "label=release.job");
        await Tool.DockerAsync("exec", job, "touch", "/go");
        foreach (var page in (IPage[])[first, second]) await Assertions.Expect(Row(page, "late")).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await Api.SucceededAsync(deployment);
        var before = await LinesAsync(run);
        await second.ReloadAsync();
        await Chromium.ReadyAsync(second);
        await Assertions.Expect(Row(second, "the mark")).ToBeVisibleAsync();
        await fixture.Dashboard.KillAndRestartAsync();
        Assert.Equal(before.Select(l => l.ToJsonString()), (await LinesAsync(run)).Select(l => l.ToJsonString()));
        await Chromium.GoAsync(second, second.Url);
        await Assertions.Expect(Row(second, "the mark")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task RebuildDeployAndDelete_ByClicks_DoWhatTheySay()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var build = (await Api.GetAsync($"/deployments?environment={environment}"))["items"]![0]!["buildId"].Text();
        var page = await SignedInAsync();

        await Chromium.GoAsync(page, $"{fixture.Dashboard.Address}builds/{build}");
        await Button(page, "Rebuild").ClickAsync();
        // Not WaitForURL: it waits for a navigation, which it can miss where the page stays the same document.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/builds/(?!{build}$)"), new() { Timeout = 30_000 });
        var again = new Uri(page.Url).Segments[^1];
        Assert.Equal((await Api.GetAsync($"/builds/{build}"))["commit"].Text(), (await Api.GetAsync($"/builds/{again}"))["commit"].Text());
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Built in", new() { Timeout = 60_000 });

        await Button(page, "Deploy").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var choice = dialog.GetByRole(AriaRole.Checkbox, new() { NameRegex = new(environment) });
        if (await choice.CountAsync() > 0 && !await choice.IsCheckedAsync()) await choice.CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        var patch = await Eventually.GetAsync(
            async () => (await Api.GetAsync($"/deployments?environment={environment}"))["items"]!.AsArray().FirstOrDefault(d => d!["buildId"].Text() == again),
            "the rebuild is deployed");
        await Api.SucceededAsync(patch["id"].Text());
        Assert.Contains(patch["stages"]!.AsArray(), s => s!["stage"].Text() == "patch");

        await Chromium.GoAsync(page, $"{fixture.Dashboard.Address}environments/{environment}");
        await Button(page, "Delete environment").ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("volume");
        await Assertions.Expect(Button(dialog, "Delete environment")).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync(environment);
        await Button(dialog, "Delete environment").ClickAsync();
        await Eventually.TrueAsync(async () => (await Api.EnvironmentAsync(environment))["phase"].Text() == "removed", "the environment is removed", TimeSpan.FromSeconds(60));
        var teardown = (await Api.GetAsync($"/deployments?environment={environment}"))["items"]![0]!["id"].Text();
        await Chromium.GoAsync(page, $"{fixture.Dashboard.Address}deployments/{teardown}");
        await Assertions.Expect(page.GetByText("release-" + environment).First).ToBeVisibleAsync();
        Assert.Empty(await Tool.ContainersAsync(environment));
    }

    private static ILocator Row(IPage page, string text) =>
        page.GetByRole(AriaRole.Log, new() { Name = "Stage log" }).Locator("[data-line]").Filter(new() { HasText = text }).First;

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Button(ILocator place, string name) => place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private async Task<IReadOnlyList<JsonNode>> LinesAsync(string run) =>
        [.. (await Api.Http.GetStringAsync($"/api/v1/runs/{run}/log?from=1&limit=1000")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];

    private async Task<IPage> SignedInAsync()
    {
        var page = await _chromium.OpenAsync();
        await Chromium.GoAsync(page, fixture.Dashboard.SignInLink);
        return page;
    }
}
