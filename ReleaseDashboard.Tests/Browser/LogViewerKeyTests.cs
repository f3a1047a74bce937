using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>What is done by keyboard alone: full screen, the list of keys, searching, going to lines; and how errors stand in the strip.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerKeyTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private static int s_run;

    [Fact]
    public async Task FullScreen_OfALiveLog_GoesOnFollowing()
    {
        var (run, writer) = await FillAsync(3000);
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(3000)).ToBeInViewportAsync();
        for (var i = 1; i <= 4; i++)
        {
            await page.PressAsync("f");
            await Expect(page.Button("Full screen")).ToHaveAttributeAsync("aria-pressed", i % 2 == 1 ? "true" : "false");
            for (var n = 1; n <= 5; n++) await writer.OutAsync($"more {i} {n}");
            await Expect(page.Text(3000 + (5 * i))).ToBeInViewportAsync();
            await Expect(page.Button("Jump to newest")).ToBeHiddenAsync();
        }
    }

    [Fact]
    public async Task MoreHeight_WhatTheBrowserScrollsThen_IsNoWayOfTheUser()
    {
        var (run, writer) = await FillAsync(3000);
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(3000)).ToBeInViewportAsync();
        // The end stays the end, so the browser scrolls back: and tells that before it tells the new height.
        await page.Log.EvaluateAsync("e => { e.closest('.lv').style.height = '700px'; e.scrollTop; e.dispatchEvent(new Event('scroll')); }");
        await writer.OutAsync("the newest");
        await Expect(page.Text(3001)).ToBeInViewportAsync();
        await Expect(page.Button("Jump to newest")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Keys_AreListedInTheMiddle()
    {
        var (run, writer) = await FillAsync(10);
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        // As the dashboard's own styles have it.
        await page.Page.AddStyleTagAsync(new() { Content = "* { margin: 0; padding: 0 }" });
        await Expect(page.Text(10)).ToBeVisibleAsync();
        await page.PressAsync("?");
        var box = (await page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys of the log" }).BoundingBoxAsync())!;
        Assert.InRange(box.X + (box.Width / 2), 598, 602);
        Assert.InRange(box.Y + (box.Height / 2), 398, 402);
    }

    [Fact]
    public async Task Search_Escape_GoesToTheLogAndOnlyThenClears()
    {
        var (run, writer) = await FillAsync(1000);
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(1000)).ToBeVisibleAsync();
        var field = page.Page.GetByLabel("Search the log");
        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("00 of");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByText(new Regex("^[12] of 10$"))).ToBeVisibleAsync();
        await Expect(field).ToBeFocusedAsync();
        var before = await page.Page.Locator(".lv-hits").TextContentAsync();

        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Log).ToBeFocusedAsync();
        await Expect(field).ToHaveValueAsync("00 of");
        await page.Page.Keyboard.PressAsync("n");
        await Expect(page.Page.Locator(".lv-hits")).ToHaveTextAsync(before!.StartsWith('1') ? "2 of 10" : "3 of 10");
        await page.Page.Keyboard.PressAsync("N");
        await Expect(page.Page.Locator(".lv-hits")).ToHaveTextAsync(before);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(field).ToHaveValueAsync("");
        await Expect(page.Log.Locator("mark")).ToHaveCountAsync(0);
        await Expect(page.Log).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("50-60", 50, 11)]
    [InlineData("L50-L60", 50, 11)]
    [InlineData(" 60 - 50 ", 50, 11)]
    [InlineData("l70", 70, 1)]
    [InlineData("299-1000", 299, 2)]
    public async Task GoToLine_TakesLines(string typed, int first, int count)
    {
        var (run, writer) = await FillAsync(300);
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(300)).ToBeVisibleAsync();
        await page.PressAsync("g");
        await page.Page.GetByLabel("Go to line").Locator("input").FillAsync(typed);
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Log.Locator(".lv-marked")).ToHaveCountAsync(count);
        await Expect(page.Line(first)).ToHaveClassAsync(new Regex("lv-marked"));
        await Expect(page.Line(first)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Strip_OfABusyLogWithFewErrors_IsNotFullOfThem()
    {
        var run = Interlocked.Increment(ref s_run);
        await using var writer = host.Store.OpenWriter($"run-{run}", []);
        // 125 errors in 625,000 lines, evenly spread: the worst for the strip.
        for (var block = 1; block <= 125; block++)
            await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 4999).Select(n => "a line")) + "\nerror: it broke");
        writer.Complete();
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Page.GetByText("125 errors")).ToBeVisibleAsync();
        var reds = await RedRowsAsync(page);
        // Each mark can be seen, by itself, and none is higher than two points.
        Assert.InRange(reds.Count(red => red), reds.Length / 10, reds.Length * 4 / 10);
        Assert.InRange(string.Concat(reds.Select(r => r ? 'x' : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries).Max(r => r.Length), 1, 2);
    }

    /// <summary>For each point of the strip's height, whether it is reddish.</summary>
    private static async Task<bool[]> RedRowsAsync(ViewerPage page) => await page.Page.Locator(".lv-map canvas").EvaluateAsync<bool[]>(
        "c => { const { data } = c.getContext('2d').getImageData(c.width - 8, 0, 1, c.height); return Array.from({ length: c.height }, (_, y) => data[y * 4 + 3] > 60 && data[y * 4] > data[y * 4 + 2] + 60); }");

    private async Task<(int Run, ILogWriter Writer)> FillAsync(int lines)
    {
        var run = Interlocked.Increment(ref s_run);
        var writer = host.Store.OpenWriter($"run-{run}", []);
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, lines).Select(n => string.Create(CultureInfo.InvariantCulture, $"line {n} of the log"))));
        return (run, writer);
    }
}
