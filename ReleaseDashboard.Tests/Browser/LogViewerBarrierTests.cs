using Deque.AxeCore.Playwright;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>Barriers in the states that need more than one log: differences, folded groups, what retention left.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerBarrierTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly string Colours = string.Concat(Enumerable.Range(0, 16).Select(i => $"\u001b[{(i < 8 ? 30 : 82) + i}mcolour {i}\u001b[0m "));

    private readonly LogViewerHost _host = new();

    public async ValueTask InitializeAsync() => await _host.InitializeAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("light", 1200)]
    [InlineData("dark", 390)]
    public async Task Axe_InGroupsDifferencesAndPrunedLogs_FindsNothing(string theme, int width)
    {
        await WriteAsync(2, "connection accepted");
        await WriteAsync(1, "error: connection refused");
        _host.History.Green = new Run(2, Stage.Setup, "shop", "ted1bc4", 1, 1, "4f2c9ae0", null, RunStatus.Succeeded, 1, "environment:ted1bc4", null, "deploy", "owner", Start, null, Start, false, null, null, null);
        _host.History.Steps.Add(new RunStep("migrate", RunStatus.Succeeded, [new RunTask("jobs.migrate", RunStatus.Succeeded, Start, Start.AddSeconds(4.2), 1, 60, null)]));
        _host.History.Steps.Add(new RunStep("start", RunStatus.Failed, [new RunTask("services.web", RunStatus.Succeeded, Start, Start, 62, 160, null), new RunTask("services.api", RunStatus.Failed, Start, Start, 61, 159, null)]));

        await using (var page = await _host.OpenAsync($"run=1&theme={theme}", width))
        {
            await Expect(page.Page.Locator(".lv-sticky")).ToContainTextAsync("Step start");
            await CheckAsync(page, "groups");
            await page.PressAsync("{");
            await Expect(page.Log.Locator(".lv-head")).ToHaveCountAsync(2);
            await CheckAsync(page, "folded");
            await page.PressAsync("}");
            await page.Button("Log options").ClickAsync();
            await page.Page.GetByLabel("Compare with").SelectOptionAsync("green");
            await Expect(page.Log.Locator("[data-tone=removed]").First).ToContainTextAsync("connection accepted");
            await page.Page.Keyboard.PressAsync("Escape");
            await CheckAsync(page, "difference");
            await page.Button("Log options").ClickAsync();
            await page.Button("Side by side").ClickAsync();
            await page.Page.Keyboard.PressAsync("Escape");
            await Expect(page.Log.Locator("[data-tone=changed]").First).ToBeVisibleAsync();
            await CheckAsync(page, "side by side");
        }

        Assert.Null(await _host.Store.PinAsync("run-1", 20, 40, LogFixture.Cancellation));
        Assert.True(_host.Store.Prune("run-1", "Logs are kept for 30 days."));
        await using var pruned = await _host.OpenAsync($"run=1&theme={theme}#L25-L31", width);
        await Expect(pruned.Text(30)).ToHaveTextAsync("error: connection refused");
        await CheckAsync(pruned, "pruned");
    }

    private static async Task CheckAsync(ViewerPage page, string state)
    {
        var found = await page.Page.RunAxe();
        var text = string.Join('\n', found.Violations.SelectMany(v => v.Nodes.Select(n => $"{state}: {v.Id}: {v.Help}: {n.Html} {string.Join(' ', n.Any.Select(a => a.Message))}")));
        Assert.True(text.Length == 0, text);
    }

    /// <summary>60 lines of a migration, then two services in turn.</summary>
    private async Task WriteAsync(int run, string result)
    {
        await using var writer = _host.Store.OpenWriter($"run-{run}", []);
        for (var i = 1; i <= 60; i++) await writer.OutAsync(i == 30 ? result : i is > 26 and < 34 ? $"{Colours} {i}" : $"migrating {i}", "jobs.migrate");
        for (var i = 61; i <= 160; i++) await writer.OutAsync(i == 90 ? $"{Colours} {result}" : $"warning: starting {i} https://example.com/{i}", i % 2 == 0 ? "services.web" : "services.api");
        writer.Complete();
    }
}
