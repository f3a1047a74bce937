using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

[Collection(RunsAlone.Name)]
public sealed class LogViewerTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private static int s_run;
    private IWebSocketRoute? _socket;

    [Fact]
    public async Task MillionLines_OpenAtTheEndAndReachTheFirst()
    {
        var (run, writer) = Open();
        await FillAsync(writer, 1_000_000);
        writer.Complete();
        await writer.DisposeAsync();
        await using var page = await host.OpenAsync($"run={run}");

        await Expect(page.Text(1_000_000)).ToHaveTextAsync("line 1000000 of the log");
        Assert.InRange(await page.Log.Locator("[data-line]").CountAsync(), 10, 100);
        await page.Log.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await Expect(page.Text(1)).ToHaveTextAsync("line 1 of the log");
        // The scrollbar reaches any place: half of it is about the middle.
        await page.Log.EvaluateAsync("e => { e.scrollTop = (e.scrollHeight - e.clientHeight) / 2; }");
        await Expect(page.Text(500_000)).ToHaveTextAsync("line 500000 of the log");
        await page.Log.HoverAsync();
        await page.Page.Mouse.WheelAsync(0, 400);
        await Expect(page.Text(500_030)).ToHaveTextAsync("line 500030 of the log");
        await page.Log.EvaluateAsync("e => { e.scrollTop = e.scrollHeight; }");
        await Expect(page.Text(1_000_000)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task NewLine_WhileFollowing_IsSeen()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Page.GetByText("Nothing has been printed yet.")).ToBeVisibleAsync();
        for (var i = 1; i <= 300; i++)
        {
            await writer.OutAsync($"line {i}");
            if (i % 100 != 0) continue;
            await Expect(page.Text(i)).ToBeInViewportAsync();
        }
    }

    [Fact]
    public async Task ScrolledAway_LinesStayAndTheButtonCountsAndReturns()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await FillAsync(writer, 500);
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(500)).ToBeInViewportAsync();
        await page.Log.HoverAsync();
        await page.Page.Mouse.WheelAsync(0, -2000);
        await Expect(page.Button("Jump to newest")).ToBeVisibleAsync();
        // What was there stands in until the lines above it have come.
        await Expect(page.Log).Not.ToHaveClassAsync(new Regex("lv-behind"));
        var first = await page.Log.Locator("[data-line]").First.GetAttributeAsync("data-line");
        for (var i = 0; i < 123; i++) await writer.OutAsync("more");

        await Expect(page.Button("Jump to newest · 123 new lines")).ToBeVisibleAsync();
        Assert.Equal(first, await page.Log.Locator("[data-line]").First.GetAttributeAsync("data-line"));
        await page.Button("Jump to newest").ClickAsync();
        await Expect(page.Text(623)).ToBeInViewportAsync();
        await writer.OutAsync("the newest");
        await Expect(page.Text(624)).ToHaveTextAsync("the newest");
    }

    [Fact]
    public async Task HostileText_IsShownAsText()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync("<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>");
        await writer.OutAsync("\u001b[31mred\u001b[0m \u001b[1;38;5;208morange\u001b[0m \u001b[38;2;1;2;3mrgb\u001b[0m \u001b]0;title\u0007end");
        await writer.OutAsync("10 %\r50 %\r100 %");
        await writer.OutAsync("nul\0 \u202Eevil");
        await writer.OutAsync(new string('x', 10_000_000));
        await writer.OutAsync("after");
        await using var page = await host.OpenAsync($"run={run}");

        await Expect(page.Text(1)).ToHaveTextAsync("<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>");
        await Expect(page.Text(2)).ToHaveTextAsync("red orange rgb end");
        await Expect(page.Text(2).Locator(".lv-fg1")).ToHaveTextAsync("red");
        await Expect(page.Text(2).Locator("span").Nth(1)).ToHaveCSSAsync("color", "rgb(255, 135, 0)");
        await Expect(page.Text(3)).ToHaveTextAsync("100 %");
        await Expect(page.Text(4)).ToHaveTextAsync("nul\u2400 \uFFFDevil");
        await Expect(page.Text(5)).ToContainTextAsync("bytes of this line are left out");
        await Expect(page.Text(6)).ToHaveTextAsync("after");
        Assert.True(await page.Page.EvaluateAsync<bool>("window.hacked === undefined"));
        await page.Button("Wrap").ClickAsync();
        await Expect(page.Text(6)).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Search_CountsGoesOnAndHighlights()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        for (var i = 1; i <= 5000; i++) await writer.OutAsync(i % 1000 == 0 ? $"{i}: \u001b[32mConnec\u001b[0mtion refused" : $"{i}: fine");
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(5000)).ToBeInViewportAsync();
        await page.Log.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("connec");
        await Expect(page.Page.GetByText("1 of 5")).ToBeVisibleAsync();
        await Expect(page.Line(1000).Locator("mark")).ToHaveTextAsync("Connec");
        await page.Button("Next match").ClickAsync();
        await Expect(page.Page.GetByText("2 of 5")).ToBeVisibleAsync();
        await Expect(page.Line(2000).Locator("mark")).ToBeInViewportAsync();
        await page.Button("Previous match").ClickAsync();
        await page.Button("Previous match").ClickAsync();
        await Expect(page.Line(5000).Locator("mark")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Link_ToALine_OpensThere()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await FillAsync(writer, 3000);
        await using var page = await host.OpenAsync($"run={run}#L1234");
        await Expect(page.Line(1234)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lv-marked"));
        await Expect(page.Line(1234)).ToBeInViewportAsync();
        await page.Line(1236).Locator(".lv-n").ClickAsync();
        Assert.EndsWith("#L1236", page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_OpensAtItsFirstLine()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await FillAsync(writer, 1000);
        await writer.OutAsync("migrating", "jobs.migrate");
        await FillAsync(writer, 1000);
        await using var page = await host.OpenAsync($"run={run}&task=jobs.migrate");
        await Expect(page.Text(1001)).ToBeInViewportAsync();
        await Expect(page.Line(1002)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lv-other"));
    }

    [Fact]
    public async Task CircuitLost_TheLogIsReadByHttpAndTheTailComesBack()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await FillAsync(writer, 100);
        await using var page = await host.OpenAsync($"run={run}", beforeLoad: p => p.RouteWebSocketAsync("**/_blazor*", socket =>
        {
            socket.ConnectToServer();
            _socket = socket;
        }));
        page.ErrorsExpected = true;
        await Expect(page.Text(100)).ToBeInViewportAsync();
        await _socket!.CloseAsync();
        for (var i = 1; i <= 40; i++) await writer.OutAsync($"after {i}");
        await Expect(page.Text(140)).ToHaveTextAsync("after 40", new() { Timeout = 20_000 });
        var drawn = await page.Log.Locator("[data-line]").EvaluateAllAsync<long[]>("rows => rows.map(r => Number(r.dataset.line))");
        Assert.Equal(Enumerable.Range((int)drawn[0], drawn.Length).Select(i => (long)i), drawn);
    }

    [Fact]
    public async Task Axe_FindsNothing()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await FillSampleAsync(writer);
        foreach (var theme in new[] { "light", "dark" })
        {
            await using var page = await host.OpenAsync($"run={run}&theme={theme}");
            await Expect(page.Text(40)).ToBeVisibleAsync();
            var found = await page.Page.RunAxe();
            Assert.Equal("", string.Join('\n', found.Violations.SelectMany(v => v.Nodes.Select(n => $"{theme}: {v.Id}: {v.Help}: {n.Html}"))));
        }
    }

    internal static async Task FillSampleAsync(ILogWriter writer)
    {
        for (var i = 1; i <= 30; i++) await writer.OutAsync($"#{i} [builder {i}/30] RUN dotnet restore --use-lock-file  {i * 0.7:0.0} s", "images.web");
        await writer.WriteAsync(LogSource.Sys, "", "Step 1 of 2: migrate", LogFixture.Cancellation);
        await writer.OutAsync("\u001b[32m✓\u001b[0m created table \u001b[1morders\u001b[0m", "jobs.migrate");
        await writer.OutAsync("\u001b[33mwarning\u001b[0m index on orders.customer is missing", "jobs.migrate");
        await writer.WriteAsync(LogSource.Err, "jobs.migrate", "\u001b[31merror\u001b[0m: connection to db:5432 refused", LogFixture.Cancellation);
        await writer.OutAsync("\u001b[36minfo\u001b[0m \u001b[90m2026-03-04T05:06:07Z\u001b[0m \u001b[34mGET\u001b[0m /cart \u001b[35m200\u001b[0m", "services.web");
        await writer.OutAsync("\u001b[41;97m FAIL \u001b[0m \u001b[42;30m PASS \u001b[0m \u001b[7minverse\u001b[0m", "services.web");
        await writer.OutAsync("a very long line " + string.Join(' ', Enumerable.Range(1, 120).Select(i => $"word{i}")), "services.web");
        for (var i = 38; i <= 40; i++) await writer.WriteAsync(LogSource.Sys, "", $"web: waiting for readiness ({i - 37} of 3 ready)", LogFixture.Cancellation);
    }

    private static async Task FillAsync(ILogWriter writer, int lines)
    {
        for (var i = 1; i <= lines; i += 1000) await writer.OutAsync(string.Join('\n', Enumerable.Range(i, Math.Min(1000, lines - i + 1)).Select(n => $"line {n} of the log")));
    }

    private (int Run, ILogWriter Writer) Open()
    {
        var run = Interlocked.Increment(ref s_run);
        return (run, host.Store.OpenWriter($"run-{run}", []));
    }
}
