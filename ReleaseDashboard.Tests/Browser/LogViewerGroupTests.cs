using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>Steps and tasks as groups, errors, and the difference to another run.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerGroupTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly LogViewerHost _host = new();

    public async ValueTask InitializeAsync() => await _host.InitializeAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Groups_FoldOpenAndSayHowTheyEnded()
    {
        await WriteAsync(1);
        await using var page = await _host.OpenAsync("run=1");
        await Expect(page.Page.Locator(".lv-sticky")).ToContainTextAsync("Step start");
        await page.PressAsync("Home");
        var migrate = page.Head("jobs.migrate");
        await Expect(migrate).ToContainTextAsync("4.2 s");
        await migrate.ClickAsync();
        await Expect(migrate).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(page.Line(10)).ToHaveCountAsync(0);
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Text(10)).ToHaveTextAsync("migrating 10");

        // The header stays at the top while its lines go by.
        await page.PressAsync("PageDown");
        await Expect(page.Page.Locator(".lv-sticky")).ToContainTextAsync("Step migrate › jobs.migrate");

        // All folded: the two steps are left. A line that is asked for opens what hides it.
        await page.PressAsync("{");
        await Expect(page.Log.Locator(".lv-head")).ToHaveCountAsync(2);
        await page.PressAsync("g");
        await page.Page.GetByLabel("Go to line").Locator("input").FillAsync("70");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Text(70)).ToBeInViewportAsync();
        await page.PressAsync("[");
        await Expect(page.Line(70)).ToHaveCountAsync(0);
        await page.PressAsync("]");
        await Expect(page.Text(70)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task ParallelTasks_ByTask_AreBroughtTogether()
    {
        await WriteAsync(1);
        await using var page = await _host.OpenAsync("run=1");
        await Expect(page.Page.Locator(".lv-sticky")).ToContainTextAsync("Step start");
        await page.PressAsync("Home", "v", "{");
        await page.Head("Step start").ClickAsync();
        await Expect(page.Head("services.web")).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Head("services.api").ClickAsync();
        await Expect(page.Line(63)).ToBeVisibleAsync();
        var shown = await page.Log.Locator("[data-line]").EvaluateAllAsync<long[]>("rows => rows.map(r => Number(r.dataset.line)).filter(n => n > 60)");
        Assert.All(shown, n => Assert.Equal(1, n % 2));
        Assert.NotEmpty(shown);
    }

    [Fact]
    public async Task RunningGroup_GrowsAndEnds()
    {
        _host.History.Steps.Add(new RunStep("migrate", RunStatus.Running, [new RunTask("jobs.migrate", RunStatus.Running, Start, null, 1, null, null)]));
        await using var writer = _host.Store.OpenWriter("run-1", []);
        await writer.OutAsync("first", "jobs.migrate");
        await using var page = await _host.OpenAsync("run=1");
        await Expect(page.Head("jobs.migrate")).ToContainTextAsync("running");
        for (var i = 0; i < 100; i++) await writer.OutAsync($"line {i}", "jobs.migrate");
        await Expect(page.Text(101)).ToBeInViewportAsync();
        _host.History.Steps[0] = new RunStep("migrate", RunStatus.Failed, [new RunTask("jobs.migrate", RunStatus.Failed, Start, Start.AddSeconds(5), 1, 101, null)]);
        writer.Complete();
        await Expect(page.Page.Locator(".lv-sticky")).ToContainTextAsync("failed · 5.0 s");
    }

    [Fact]
    public async Task Errors_AreCountedMarkedAndGoneToInTurn()
    {
        await WriteAsync(1);
        await using var page = await _host.OpenAsync("run=1");
        await Expect(page.Button("2 errors")).ToBeVisibleAsync();
        await page.PressAsync("e");
        await Expect(page.Line(30)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lv-current"));
        await Expect(page.Line(30)).ToHaveAttributeAsync("data-m", "error");
        await page.PressAsync("e");
        await Expect(page.Line(90)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lv-current"));
        await page.PressAsync("E");
        await Expect(page.Line(30)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lv-current"));
    }

    [Fact]
    public async Task Difference_ToTheLastGreenRun_IsShownBelowAndBeside()
    {
        await WriteAsync(2, "connection accepted");
        await WriteAsync(1);
        _host.History.Green = new Run(2, Stage.Setup, "shop", "ted1bc4", 1, 1, "4f2c9ae0", null, RunStatus.Succeeded, 1, "environment:ted1bc4", null, "deploy", "owner", Start, null, Start, false, null, null, null);
        await using var page = await _host.OpenAsync("run=1");
        await page.Button("Log options").ClickAsync();
        await page.Page.GetByLabel("Compare with").SelectOptionAsync("green");
        await Expect(page.Page.GetByText("Compared with run 2 of 4f2c9ae")).ToBeVisibleAsync();
        await Expect(page.Log.Locator("[data-tone=removed]").First).ToContainTextAsync("connection accepted");
        await Expect(page.Log.Locator("[data-tone=added]").First).ToContainTextAsync("error: connection refused");
        await Expect(page.Log.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "the same" }).First).ToBeVisibleAsync();
        await page.Button("Side by side").ClickAsync();
        var changed = page.Log.Locator("[data-tone=changed]").First;
        await Expect(changed.Locator(".lv-x").First).ToContainTextAsync("connection accepted");
        await Expect(changed.Locator(".lv-x").Last).ToContainTextAsync("error: connection refused");
    }

    /// <summary>60 lines of a migration, then two services in turn.</summary>
    private async Task WriteAsync(int run, string result = "error: connection refused")
    {
        await using var writer = _host.Store.OpenWriter($"run-{run}", []);
        for (var i = 1; i <= 60; i++) await writer.OutAsync(i == 30 ? result : $"migrating {i}", "jobs.migrate");
        for (var i = 61; i <= 160; i++) await writer.OutAsync(i == 90 ? result : $"starting {i}", i % 2 == 0 ? "services.web" : "services.api");
        writer.Complete();
        _host.History.Steps.Clear();
        _host.History.Steps.Add(new RunStep("migrate", RunStatus.Succeeded, [new RunTask("jobs.migrate", RunStatus.Succeeded, Start, Start.AddSeconds(4.2), 1, 60, null)]));
        _host.History.Steps.Add(new RunStep("start", RunStatus.Failed, [new RunTask("services.web", RunStatus.Succeeded, Start, Start, 62, 160, null), new RunTask("services.api", RunStatus.Failed, Start, Start, 61, 159, null)]));
    }
}
