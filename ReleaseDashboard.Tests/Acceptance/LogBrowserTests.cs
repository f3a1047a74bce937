using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Browser;
using ReleaseDashboard.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>Logs of real jobs and services, as people meet them on the pages.</summary>
[Trait("Needs", "Docker")]
[Collection(RunsAlone.Name)]
public sealed class LogBrowserTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>, IAsyncLifetime
{
    private const string Secret = "correct-horse-battery";

    private Chromium _chromium = null!;

    private DashboardApi Api => fixture.Api;

    public async ValueTask InitializeAsync() => _chromium = await Chromium.LaunchAsync();

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    [Fact]
    public async Task Secret_PrintedByAJob_IsMaskedAndIsAFindingOnThePageWhileTheJobRuns()
    {
        var job = "echo ready; while [ ! -f /print ]; do sleep 0.1; done; echo token is $TOKEN; echo again $(echo -n $TOKEN | base64); while [ ! -f /go ]; do sleep 0.1; done";
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, TestApplication.Template(TestApplication.NewName(), job: job));
        var (status, _) = await Api.PutYamlAsync($"/applications/{application.Name}/variables", $"defaults:\n- {{ key: TOKEN, secret: true, value: {Secret} }}\n");
        Assert.Equal(HttpStatusCode.OK, status);
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var run = await Api.RunIdAsync(deployment, "setup");
        await Api.LogHoldsAsync(run, "ready");
        var page = await SignedInAsync($"deployments/{deployment}?stage=setup");
        var log = Log(page, "Stage log");
        await Expect(Row(log, "ready")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("finding")).ToHaveCountAsync(0);

        await InJobAsync(environment, "touch", "/print");

        await Expect(Row(log, "token is ***")).ToBeVisibleAsync();
        await Expect(Row(log, "again ***")).ToBeVisibleAsync();
        var finding = page.GetByTestId("finding");
        await Expect(finding).ToContainTextAsync(new Regex(@"A secret was printed by jobs\.migrate \(2 times, first in line \d+\)\. It was masked in the log"));
        Assert.Equal("running", (await Api.GetAsync($"/runs/{run}"))["status"].Text());
        var told = Assert.Single((await Api.GetAsync($"/runs/{run}"))["findings"]!.AsArray());
        Assert.Equal(("secret", "jobs.migrate", "2"), (told!["kind"].Text(), told["task"].Text(), told["count"].Text()));
        await finding.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(log.Locator(".lv-marked .lv-x")).ToHaveTextAsync("token is ***");

        await InJobAsync(environment, "touch", "/go");
        await Api.SucceededAsync(deployment);
        Assert.DoesNotContain(Secret, await Api.RawLogAsync(run), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedRun_SaysWhyAtTheTopAndLeadsToTheLine()
    {
        var job = "for i in $(seq 1 300); do echo row $i; done; migrate-the-data; code=$?; for i in $(seq 1 20); do echo cleaning up $i; done; exit $code";
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, TestApplication.Template(TestApplication.NewName(), job: job));
        var (_, deployment) = await application.StartEnvironmentAsync();
        var ended = await Api.FinishedAsync(deployment);
        Assert.Equal("failed", ended["status"].Text());

        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 390), (ColorScheme.Light, 390) })
        {
            var page = await SignedInAsync($"deployments/{deployment}", new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 844 } });
            var verdict = page.GetByRole(AriaRole.Alert, new() { Name = "Why it failed" });
            await Expect(verdict.GetByRole(AriaRole.Heading)).ToHaveTextAsync("jobs.migrate names a program that is not in the image (exit code 127).");
            await Expect(verdict.Locator("pre")).ToContainTextAsync("migrate-the-data: not found");
            await Expect(verdict).ToBeInViewportAsync();
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));

            await verdict.GetByRole(AriaRole.Link, new() { NameRegex = new("Show line") }).ClickAsync();
            var marked = Log(page, "Stage log").Locator(".lv-marked .lv-x");
            await Expect(marked).ToContainTextAsync("migrate-the-data: not found");
            await Expect(marked).ToBeInViewportAsync();
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task TimelineOfAService_OfTwoInstances_ShowsThoseThatAreChosen()
    {
        var template = TestApplication.Template(TestApplication.NewName(), web: "for i in 1 2 3 4 5; do echo tick $i of $(hostname); done;").Replace("  has_repo: true", "  has_repo: true\n  replicas: 2", StringComparison.Ordinal);
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, template);
        var environment = await application.EnvironmentAsync();
        var containers = await Tool.ContainersAsync(environment, "web");
        Assert.Equal(2, containers.Count);
        var (one, two) = (containers[0][..12], containers[1][..12]);
        var page = await SignedInAsync($"environments/{environment}?tab=logs");
        var log = Log(page, "Output of web");
        var viewer = page.GetByTestId("log-viewer").Filter(new() { Has = log });
        foreach (var (instance, i) in from instance in new[] { one, two } from i in Enumerable.Range(1, 5) select (instance, i)) await Expect(Row(log, $"tick {i} of {instance}")).ToBeVisibleAsync();

        // Each instance has a name and a colour of its own.
        foreach (var colour in new[] { 0, 1 }) await Expect(log.Locator($"[data-line] .lv-k[data-color='{colour}']")).ToHaveCountAsync(5);
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Log options" }).ClickAsync();
        var choices = viewer.GetByRole(AriaRole.Group, new() { Name = "Instances" }).GetByRole(AriaRole.Checkbox);
        await Expect(choices).ToHaveCountAsync(2);
        foreach (var n in new[] { 1, 2 }) await Expect(viewer.GetByRole(AriaRole.Checkbox, new() { NameRegex = new($"-{n}$") })).ToBeVisibleAsync();
        await choices.First.UncheckAsync();
        await Expect(log.Locator("[data-line]")).ToHaveCountAsync(5);
        var left = await Row(log, "tick 1 of").Locator(".lv-x").InnerTextAsync();
        var (chosen, other) = left.EndsWith(one, StringComparison.Ordinal) ? (one, two) : (two, one);
        await Expect(Row(log, $"of {other}")).ToHaveCountAsync(0);
        await Expect(log.GetByRole(AriaRole.Button, new() { NameRegex = new("lines? of other instances") }).First).ToBeVisibleAsync();

        // What the chosen one prints next is shown, what the other prints is not.
        await PrintAsync(other, "from the other");
        await PrintAsync(chosen, "from the chosen");
        await Expect(Row(log, "from the chosen")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(Row(log, "from the other")).ToHaveCountAsync(0);
        await choices.First.CheckAsync();
        await Expect(Row(log, "from the other")).ToBeVisibleAsync();
        await Expect(log.Locator("[data-line]")).ToHaveCountAsync(12);
    }

    private static Task<string> PrintAsync(string container, string text) => Tool.DockerAsync("exec", container, "sh", "-c", $"echo {text} > /proc/1/fd/1");

    private static ILocator Log(IPage page, string name) => page.GetByRole(AriaRole.Log, new() { Name = name });

    private static ILocator Row(ILocator log, string text) => log.Locator("[data-line]").Filter(new() { HasText = text }).First;

    private static async Task InJobAsync(string environment, params string[] command)
    {
        var job = await Tool.DockerAsync("ps", "-q", "--filter", $"label=release.environment={environment}", "--filter", "label=release.job");
        await Tool.DockerAsync(["exec", job, .. command]);
    }

    private async Task<IPage> SignedInAsync(string path, BrowserNewContextOptions? options = null)
    {
        var page = await _chromium.OpenAsync(options);
        await Chromium.GoAsync(page, fixture.Dashboard.SignInLink);
        await Chromium.GoAsync(page, $"{fixture.Dashboard.Address}{path}");
        return page;
    }
}
