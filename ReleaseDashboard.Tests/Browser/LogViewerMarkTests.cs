using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>Marked lines, their links, what is selected and copied, and what retention leaves.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerMarkTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private static int s_run;

    [Fact]
    public async Task Range_ClickedAndCopied_OpensFromItsLink()
    {
        var run = await FillAsync(500);
        await using var page = await host.OpenAsync($"run={run}#L120");
        await Expect(page.Line(120)).ToBeInViewportAsync();
        await page.Line(122).Locator(".lv-n").ClickAsync();
        await page.Line(126).Locator(".lv-n").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Log.Locator(".lv-marked")).ToHaveCountAsync(5);
        Assert.EndsWith("#L122-L126", page.Page.Url, StringComparison.Ordinal);
        await page.Button("Copy link").ClickAsync();
        await Expect(page.Page.GetByText("Link to 5 lines copied").First).ToBeVisibleAsync();
        var link = await page.ClipboardAsync();
        Assert.EndsWith($"?run={run}#L122-L126", link, StringComparison.Ordinal);
        await page.Button("Copy text").ClickAsync();
        await Expect(page.Page.GetByText("5 lines copied").First).ToBeVisibleAsync();
        Assert.Equal(string.Join('\n', Enumerable.Range(122, 5).Select(n => $"line {n}")), (await page.ClipboardAsync()).ReplaceLineEndings("\n"));

        await using var other = await host.OpenAsync($"run={run}{link[link.IndexOf('#', StringComparison.Ordinal)..]}");
        await Expect(other.Log.Locator(".lv-marked")).ToHaveCountAsync(5);
        await Expect(other.Line(122)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Selection_OverThousandsOfLines_IsCopiedWhole()
    {
        var run = await FillAsync(5000);
        await using var page = await host.OpenAsync($"run={run}#L100");
        var from = await page.Text(100).BoundingBoxAsync();
        await page.Page.Mouse.MoveAsync(from!.X + 20, from.Y + 10);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(from.X + 90, from.Y + 60);
        await page.Page.Mouse.UpAsync();

        // Far away the rows of the beginning are others by now; the selection is not.
        await page.PressAsync("g");
        await page.Page.GetByLabel("Go to line").Locator("input").FillAsync("4100");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Text(4100)).ToHaveTextAsync("line 4100");
        await page.Text(4100).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift], Position = new() { X = 300, Y = 10 } });
        await page.Page.Keyboard.PressAsync("Control+c");
        await Expect(page.Page.GetByText("4,001 lines copied").First).ToBeVisibleAsync();
        var lines = (await page.ClipboardAsync()).Split('\n');
        Assert.Equal(4001, lines.Length);
        Assert.EndsWith("00", lines[0], StringComparison.Ordinal);
        Assert.NotEqual("line 100", lines[0]);
        Assert.Equal("line 4100", lines[^1]);
    }

    [Fact]
    public async Task Selection_ByKeyboard_GoesOverTheEdgeOfTheView()
    {
        var run = await FillAsync(300);
        await using var page = await host.OpenAsync($"run={run}");
        await page.PressAsync("Home");
        await Expect(page.Text(1)).ToBeInViewportAsync();
        for (var i = 0; i < 60; i++) await page.Page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Page.Keyboard.PressAsync("Shift+End");
        await page.Page.Keyboard.PressAsync("Control+c");
        await Expect(page.Page.GetByText("61 lines copied").First).ToBeVisibleAsync();
        Assert.Equal(Enumerable.Range(1, 61).Select(n => $"line {n}"), (await page.ClipboardAsync()).Split('\n'));
        await page.Page.Keyboard.PressAsync("Control+a");
        await page.Page.Keyboard.PressAsync("Control+c");
        await Expect(page.Page.GetByText("300 lines copied").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task PrunedLog_SaysSoAndShowsWhatWasPinned()
    {
        var run = await FillAsync(400);
        Assert.Null(await host.Store.PinAsync($"run-{run}", 120, 124, LogFixture.Cancellation));
        Assert.True(host.Store.Prune($"run-{run}", "Logs are kept for 30 days."));
        await using var page = await host.OpenAsync($"run={run}#L120-L124");
        await Expect(page.Page.GetByText(new Regex("400 lines of this log were removed on .* Logs are kept for 30 days."))).ToBeVisibleAsync();
        await Expect(page.Text(120)).ToHaveTextAsync("line 120");
        await Expect(page.Log.Locator(".lv-marked")).ToHaveCountAsync(5);
        await Expect(page.Log.GetByText("119 lines removed")).ToBeVisibleAsync();
        await Expect(page.Log.GetByText("276 lines removed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keys_AreListedAndTheFocusComesBack()
    {
        var run = await FillAsync(100);
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(100)).ToBeVisibleAsync();
        await page.PressAsync("?");
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys of the log" });
        await Expect(dialog).ToContainTextAsync("Copy the link to the marked lines");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(page.Log).ToBeFocusedAsync();
        await page.PressAsync("f");
        Assert.True(await page.Page.EvaluateAsync<bool>("document.fullscreenElement?.classList.contains('lv') ?? false"));
        await page.PressAsync("f");
        await page.PressAsync("t");
        await Expect(page.Line(100).Locator(".lv-t")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d:\d\d\.\d\d\d$"));
        await page.PressAsync("t");
        await Expect(page.Line(100).Locator(".lv-t")).ToHaveTextAsync(new Regex("ago$"));
        await page.PressAsync("t");
        await Expect(page.Line(100).Locator(".lv-t")).ToHaveTextAsync(new Regex(@"^\+0:0\d\.\d\d\d$"));
    }

    private async Task<int> FillAsync(int lines)
    {
        var run = Interlocked.Increment(ref s_run);
        await using var writer = host.Store.OpenWriter($"run-{run}", []);
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, lines).Select(n => $"line {n}")));
        writer.Complete();
        return run;
    }
}
