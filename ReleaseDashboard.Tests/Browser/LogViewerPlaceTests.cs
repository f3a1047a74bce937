using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The strip that shows where one is, by pointer and by keyboard; and what is downloaded.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerPlaceTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private const int Lines = 10_000;
    private static int s_run;

    [Fact]
    public async Task Strip_ClickedAndDragged_GoesThere()
    {
        var (run, writer) = await FillAsync();
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(Lines)).ToBeInViewportAsync();
        var strip = Strip(page);
        var box = (await strip.BoundingBoxAsync())!;
        var mouse = page.Page.Mouse;
        var x = box.X + box.Width / 2;

        await mouse.ClickAsync(x, box.Y + box.Height / 2);
        await Expect(page.Text(Lines / 2)).ToBeInViewportAsync();
        await Expect(page.Button("Jump to newest")).ToBeVisibleAsync();

        await mouse.MoveAsync(x, box.Y + box.Height / 2);
        await mouse.DownAsync();
        await mouse.MoveAsync(x, box.Y + box.Height / 4, new() { Steps = 10 });
        var quarter = await ShownAsync(page);
        Assert.InRange(quarter, Lines / 5, Lines * 3 / 10);
        // Beyond its ends, and beside it, the drag goes on.
        await mouse.MoveAsync(x - 300, box.Y - 50, new() { Steps = 10 });
        await Expect(page.Text(1)).ToBeInViewportAsync();
        await mouse.MoveAsync(x, box.Y + box.Height + 50, new() { Steps = 10 });
        await Expect(page.Text(Lines)).ToBeInViewportAsync();
        await mouse.UpAsync();
        await mouse.MoveAsync(x, box.Y + box.Height / 2);
        await writer.OutAsync("the newest");
        await Expect(page.Text(Lines + 1)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Strip_ByKeyboard_GoesThereAndSaysWhere()
    {
        var (run, writer) = await FillAsync();
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(Lines)).ToBeInViewportAsync();
        var strip = Strip(page);
        await page.PressAsync("Tab");
        await Expect(strip).ToBeFocusedAsync();
        await Expect(strip).ToHaveAttributeAsync("aria-valuemin", "1");
        await Expect(strip).ToHaveAttributeAsync("aria-valuemax", $"{Lines}");
        await Expect(strip).ToHaveAttributeAsync("aria-orientation", "vertical");

        await page.Page.Keyboard.PressAsync("Home");
        await Expect(page.Text(1)).ToBeInViewportAsync();
        await Expect(strip).ToHaveAttributeAsync("aria-valuenow", "1");
        await Expect(strip).ToHaveAttributeAsync("aria-valuetext", $"Line 1 of {Lines:N0}");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(strip).ToHaveAttributeAsync("aria-valuenow", "2");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(strip).ToHaveAttributeAsync("aria-valuenow", "1");
        await page.Page.Keyboard.PressAsync("PageDown");
        await Expect(strip).ToHaveAttributeAsync("aria-valuenow", new Regex("^[1-9][0-9]{2,}$"));
        await page.Page.Keyboard.PressAsync("PageUp");
        await Expect(strip).ToHaveAttributeAsync("aria-valuenow", "1");
        await page.Page.Keyboard.PressAsync("End");
        await Expect(page.Text(Lines)).ToBeInViewportAsync();
        await Expect(page.Button("Jump to newest")).ToBeHiddenAsync();
        await Expect(strip).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_FromTheMenu_IsTheWholeText(bool ended)
    {
        var (run, writer) = await FillAsync();
        await using var _ = writer;
        await writer.OutAsync("\u001b[31mred\u001b[0m <b> \u0000 ü");
        if (ended) writer.Complete();
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(Lines + 1)).ToBeInViewportAsync();
        var expected = await host.RawAsync(run);
        Assert.EndsWith("line 10000 of the log\n\u001b[31mred\u001b[0m <b> \u0000 ü\n", Encoding.UTF8.GetString(expected), StringComparison.Ordinal);

        Assert.Equal(($"run-{run}.log", expected), await DownloadAsync("Download raw"), Same);
        var (name, packed) = await DownloadAsync("Download gz");
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) await gzip.CopyToAsync(unpacked, LogFixture.Cancellation);
        Assert.Equal(($"run-{run}.log.gz", expected), (name, unpacked.ToArray()), Same);

        async Task<(string Name, byte[] Bytes)> DownloadAsync(string link)
        {
            await page.Button("Log options").ClickAsync();
            var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
            await using var stream = await download.CreateReadStreamAsync();
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, LogFixture.Cancellation);
            // Only now: the key would stop what is loading.
            await page.Page.Keyboard.PressAsync("Escape");
            return (download.SuggestedFilename, bytes.ToArray());
        }
    }

    private static bool Same((string Name, byte[] Bytes) a, (string Name, byte[] Bytes) b) => a.Name == b.Name && a.Bytes.AsSpan().SequenceEqual(b.Bytes);

    private static ILocator Strip(ViewerPage page) => page.Page.GetByRole(AriaRole.Slider, new() { Name = "Position in the log" });

    private static async Task<int> ShownAsync(ViewerPage page)
    {
        await Expect(page.Log).Not.ToHaveClassAsync(new Regex("lv-behind"));
        return int.Parse((await page.Log.Locator("[data-line]").First.GetAttributeAsync("data-line"))!, CultureInfo.InvariantCulture);
    }

    private async Task<(int Run, ILogWriter Writer)> FillAsync()
    {
        var run = Interlocked.Increment(ref s_run);
        var writer = host.Store.OpenWriter($"run-{run}", []);
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, Lines).Select(n => $"line {n} of the log")));
        return (run, writer);
    }
}
