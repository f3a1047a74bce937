using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>A log that grows while it is searched, filtered, slept over and looked at twice; and what a screen reader is told of it.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerLiveTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private static int s_run;

    private const string Hide = "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";

    [Fact]
    public async Task Search_OnAGrowingLog_CountsWhatComes()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 1000).Select(n => n % 100 == 0 ? $"Refused {n}" : $"line {n}")));
        await using var page = await host.OpenAsync($"run={run}");
        var field = page.Page.GetByLabel("Search the log");
        await field.FillAsync("refused");
        await Expect(page.Page.GetByText("1 of 10", new() { Exact = true })).ToBeVisibleAsync();
        await writer.OutAsync("refused again");
        await Expect(page.Page.GetByText("1 of 11", new() { Exact = true })).ToBeVisibleAsync();
        await page.Button("Match case").ClickAsync();
        await Expect(page.Page.GetByText("1 of 1", new() { Exact = true })).ToBeVisibleAsync();
        await page.Button("Match case").ClickAsync();
        await page.Button("Regular expression").ClickAsync();
        await field.FillAsync("R[a-z]+ 5");
        await Expect(page.Line(500).Locator("mark")).ToHaveTextAsync("Refused 5");
        page.ErrorsExpected = true;
        await field.FillAsync("R[a-z");
        await Expect(page.Page.Locator(".lv-hits")).ToContainTextAsync("cannot be searched");

        // Repetitions in repetitions would keep a browser busy for ever; the server finds them in a straight line.
        await field.FillAsync("(R[a-z]+)+ 7");
        await Expect(page.Line(700).Locator("mark")).ToHaveTextAsync("Refused 7");
    }

    [Fact]
    public async Task Filter_ShowsMatchesWithContextAndGrows()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 1000).Select(n => n % 400 == 0 ? $"refused {n}" : $"line {n}")));
        await using var page = await host.OpenAsync($"run={run}");
        await page.Page.GetByLabel("Search the log").FillAsync("refused");
        await page.Button("Only matches").ClickAsync();
        await Expect(page.Log.Locator("[data-line]")).ToHaveCountAsync(10);
        await Expect(page.Line(398)).ToBeVisibleAsync();
        await Expect(page.Line(403)).ToHaveCountAsync(0);
        await page.Log.GetByRole(AriaRole.Button, new() { Name = "395 lines without a match" }).ClickAsync();
        await Expect(page.Line(403)).ToBeVisibleAsync();
        await writer.OutAsync("refused at last");
        await Expect(page.Page.GetByText("of 3", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.PressAsync("End");
        await Expect(page.Line(1001)).ToHaveTextAsync(new Regex("refused at last"));
        await page.Button("Only matches").ClickAsync();
        await page.PressAsync("End");
        await Expect(page.Text(1001)).ToBeInViewportAsync();
        await Expect(page.Text(990)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task HiddenTab_GetsNothingAndCatchesUpAtOnce()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync("first");
        var received = 0;
        await using var page = await host.OpenAsync($"run={run}", beforeLoad: p =>
        {
            p.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => Interlocked.Increment(ref received);
            return Task.CompletedTask;
        });
        await Expect(page.Text(1)).ToBeVisibleAsync();
        await page.Page.EvaluateAsync(Hide, "hidden");
        await writer.OutAsync("second");
        await page.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 300))");
        var before = Volatile.Read(ref received);
        for (var i = 0; i < 200; i++) await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 500).Select(n => $"{i} {n}")));
        await page.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 600))");
        Assert.InRange(Volatile.Read(ref received) - before, 0, 2);
        Assert.Equal(0, await page.Line(100_002).CountAsync());
        await page.Page.EvaluateAsync(Hide, "visible");
        await Expect(page.Text(100_002)).ToBeInViewportAsync();
        Assert.InRange(Volatile.Read(ref received) - before, 1, 20);
    }

    [Fact]
    public async Task TwoTabs_SeeTheSame()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await using var one = await host.OpenAsync($"run={run}");
        await using var two = await host.OpenAsync($"run={run}");
        for (var i = 1; i <= 50; i++) await writer.OutAsync($"line {i}");
        foreach (var page in new[] { one, two }) await Expect(page.Text(50)).ToHaveTextAsync("line 50");
    }

    [Fact]
    public async Task ScreenReader_IsToldHowMuchCameNotEveryLine()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync("first");
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(1)).ToBeVisibleAsync();
        await Expect(page.Log).ToHaveAttributeAsync("aria-live", "off");
        for (var i = 0; i < 40; i++)
        {
            await writer.OutAsync("a\nb\nc");
            await page.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 200))");
            if ((await page.Page.Locator(".lv-say").TextContentAsync())!.Contains("new lines", StringComparison.Ordinal)) return;
        }
        Assert.Fail("Nothing was said of the new lines.");
    }

    [Fact]
    public async Task Phone_EverythingIsInTheMenuAndLargeEnough()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await LogViewerTests.FillSampleAsync(writer);
        await using var page = await host.OpenAsync($"run={run}", width: 390);
        await Expect(page.Text(40)).ToBeVisibleAsync();
        await page.Button("Log options").ClickAsync();
        await Expect(page.Button("Wrap")).ToBeVisibleAsync();
        await Expect(page.Page.GetByLabel("Times", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        var small = await page.Page.Locator(".lv-bar :is(button, select, a):visible, .lv-panel :is(button, select, a):visible").EvaluateAllAsync<string[]>("all => all.filter(e => e.getBoundingClientRect().height < 40).map(e => e.outerHTML)");
        Assert.Empty(small);
    }

    [Theory]
    [InlineData("light", 1200)]
    [InlineData("dark", 1200)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task Axe_InEveryState_FindsNothing(string theme, int width)
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await LogViewerTests.FillSampleAsync(writer);
        await writer.OutAsync(string.Join('\n', Enumerable.Range(1, 100).Select(n => $"warning: row {n} https://example.com/{n}")));
        await using var page = await host.OpenAsync($"run={run}&theme={theme}#L30-L33", width);
        await Expect(page.Line(34)).ToBeVisibleAsync();
        await CheckAsync("marked");
        await page.PressAsync("e", "t");
        await CheckAsync("at an error");
        await page.Button("Log options").ClickAsync();
        await CheckAsync("menu");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("row 1");
        await Expect(page.Button("Only matches")).ToBeVisibleAsync();
        await page.Button("Only matches").ClickAsync();
        await Expect(page.Log.Locator(".lv-open").First).ToBeVisibleAsync();
        await CheckAsync("filtered");
        await page.PressAsync("?");
        await CheckAsync("keys");

        async Task CheckAsync(string state)
        {
            var found = await page.Page.RunAxe();
            Assert.Equal("", string.Join('\n', found.Violations.SelectMany(v => v.Nodes.Select(n => $"{state}: {v.Id}: {v.Help}: {n.Html}"))));
        }
    }

    private (int Run, ILogWriter Writer) Open()
    {
        var run = Interlocked.Increment(ref s_run);
        return (run, host.Store.OpenWriter($"run-{run}", []));
    }
}
