using System.Security.Cryptography;
using System.Text;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>Hostile output is harmless where it is drawn, disturbs no other line, and is in the raw text as it was printed.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerHostileTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    private static int s_run;

    [Fact]
    public async Task HostileOutput_DoesNothingAndLeavesItsNeighboursAlone()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}&height=1600px");
        var dialogs = 0;
        page.Page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        await Expect(page.Page.GetByText("Nothing has been printed yet.")).ToBeVisibleAsync();
        await page.Page.EvaluateAsync("navigator.clipboard.writeText('mine')");
        var elements = await page.Page.EvaluateAsync<int>(ElementsOutside);

        // While it is looked at: what a terminal would obey arrives here as it does from a running job.
        var printed = new MemoryStream();
        var lines = HostileOutput.Lines;
        foreach (var (name, bytes) in lines)
        {
            foreach (var line in (byte[][])[bytes, Encoding.UTF8.GetBytes($"after {name}")])
            {
                printed.Write(line);
                printed.WriteByte((byte)'\n');
                await writer.WriteBytesAsync(LogSource.Out, "jobs.migrate", (byte[])[.. line, (byte)'\n'], LogFixture.Cancellation);
            }
        }

        await Expect(page.Text(2 * lines.Count)).ToHaveTextAsync("after very long");
        for (var i = 0; i < lines.Count; i++) await Expect(page.Text(2 * i + 2)).ToHaveTextAsync($"after {lines[i].Name}");
        var overrides = lines.TakeWhile(l => l.Name != "overrides").Count();
        await Expect(page.Text(2 * overrides + 1)).ToHaveTextAsync("user \uFFFDtxt.exe\uFFFD \uFFFDisolated \uFFFDnever closed \uFFFDmark \uFFFD1 2");
        var rows = await page.Log.Locator("[data-line]").EvaluateAllAsync<string[]>(
            "rows => rows.map(r => `${r.dataset.line}: ${r.getBoundingClientRect().height} high, number at ${r.querySelector('.lv-n').getBoundingClientRect().left}, text at ${r.querySelector('.lv-x').getBoundingClientRect().left}`)");
        Assert.Equal(2 * lines.Count, rows.Length);
        Assert.Single(rows.Select(r => r[(r.IndexOf(':', StringComparison.Ordinal) + 1)..]).Distinct());

        Assert.Equal(0, dialogs);
        Assert.True(await page.Page.EvaluateAsync<bool>("window.hacked === undefined"));
        Assert.Equal(elements, await page.Page.EvaluateAsync<int>(ElementsOutside));
        Assert.Equal("", await page.Log.EvaluateAsync<string>("log => [...log.querySelectorAll('.lv-rows *')].filter(e => !['DIV', 'SPAN', 'A', 'MARK', 'BUTTON'].includes(e.tagName) || e.getAttributeNames().some(n => n.startsWith('on')) || (e.href && !/^https?:/.test(e.href))).map(e => e.outerHTML).join('\\n')"));
        await Expect(page.Page).ToHaveTitleAsync("Log viewer");
        Assert.Equal("mine", await page.ClipboardAsync());
        Assert.Equal(printed.ToArray(), await host.RawAsync(run));
    }

    [Fact]
    public async Task HostileOutput_CanBeSearchedWrappedFilteredAndCopied()
    {
        var (run, writer) = Open();
        await using var _ = writer;
        foreach (var (_, bytes) in HostileOutput.Lines) await writer.WriteBytesAsync(LogSource.Out, "", (byte[])[.. bytes, (byte)'\n'], LogFixture.Cancellation);
        await writer.OutAsync("the end");
        var last = HostileOutput.Lines.Count + 1;
        await using var page = await host.OpenAsync($"run={run}");
        await Expect(page.Text(last)).ToBeInViewportAsync();
        await page.Page.GetByLabel("Search the log").FillAsync("x");
        await Expect(page.Log.Locator("mark").First).ToBeVisibleAsync();
        await page.Button("Wrap").ClickAsync();
        await page.PressAsync("End");
        await Expect(page.Text(last)).ToBeInViewportAsync();
        await page.Button("Only matches").ClickAsync();
        await Expect(page.Log.Locator("mark").First).ToBeVisibleAsync();
        await page.Button("Only matches").ClickAsync();
        await page.PressAsync("Home");
        await Expect(page.Text(1)).ToBeInViewportAsync();
        await page.PressAsync("Control+a", "Control+c");
        await Expect(page.Page.GetByText($"{last} lines copied").First).ToBeVisibleAsync();
        var copied = await page.ClipboardAsync();
        Assert.DoesNotContain('\u001b', copied);
        Assert.EndsWith("the end", copied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_OfOutput_LeadOnlyToTheWebAndCannotReachBack()
    {
        string[] refused = ["javascript:window.hacked=1", "JaVaScRiPt:window.hacked=1", "java\tscript:window.hacked=1", " javascript:window.hacked=1", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "blob:https://example.com/x", "//example.com/x", "/api/v1/environments", "ssh://example.com", "https:", ""];
        var (run, writer) = Open();
        await using var _ = writer;
        await writer.OutAsync("\u001b]8;;https://example.com/a?b=1&c=<2>\u001b\\the \u001b[1mreport\u001b[0m\u001b]8;;\u001b\\ is there");
        await writer.OutAsync("\u001b]8;id=7:x=1;http://example.com/\u0007plain\u001b]8;;\u0007 and \u001b]8;;https://example.com/never-closed\u0007open");
        await writer.OutAsync("the next line is no link");
        await writer.OutAsync("in the text: https://example.com/docs). And javascript:alert(1)");
        foreach (var address in refused) await writer.OutAsync($"\u001b]8;;{address}\u001b\\refused\u001b]8;;\u001b\\");
        await using var page = await host.OpenAsync($"run={run}");

        await Expect(page.Text(1)).ToHaveTextAsync("the report is there");
        var link = page.Text(1).Locator("a");
        await Expect(link).ToHaveCountAsync(2);
        foreach (var part in await link.AllAsync())
        {
            await Expect(part).ToHaveAttributeAsync("href", "https://example.com/a?b=1&c=%3C2%3E");
            await Expect(part).ToHaveAttributeAsync("rel", "noopener noreferrer");
            await Expect(part).ToHaveAttributeAsync("target", "_blank");
        }

        await Expect(page.Text(2).Locator("a")).ToHaveTextAsync(["plain", "open"]);
        await Expect(page.Text(3).Locator("a")).ToHaveCountAsync(0);
        await Expect(page.Text(4).Locator("a")).ToHaveAttributeAsync("href", "https://example.com/docs");
        for (var i = 0; i < refused.Length; i++)
        {
            await Expect(page.Text(5 + i)).ToHaveTextAsync("refused");
            await Expect(page.Text(5 + i).Locator("a")).ToHaveCountAsync(0);
        }

        await page.Page.Context.RouteAsync("https://example.com/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<title>elsewhere</title>" }));
        var opened = await page.Page.RunAndWaitForPopupAsync(() => page.Text(4).Locator("a").ClickAsync());
        Assert.True(await opened.EvaluateAsync<bool>("window.opener === null"));
        Assert.True(await page.Page.EvaluateAsync<bool>("window.hacked === undefined"));
    }

    [Fact]
    public Task LineWithoutAnEnd_IsShownCutAndIsWholeInRaw() => LongAsync(8);

    [Fact(Explicit = true)]
    public Task LineOf100Megabytes_IsShownCutAndIsWholeInRaw() => LongAsync(100);

    private const string ElementsOutside = "[...document.querySelectorAll('*')].filter(e => !e.closest('.lv-rows') && ['SCRIPT', 'IMG', 'IFRAME', 'OBJECT', 'EMBED', 'LINK', 'STYLE', 'FORM', 'BASE', 'META', 'SECTION', 'TITLE'].includes(e.tagName)).length";

    private async Task LongAsync(int megabytes)
    {
        var (run, writer) = Open();
        await using var _ = writer;
        await using var page = await host.OpenAsync($"run={run}");
        var piece = new byte[1024 * 1024];
        Random.Shared.NextBytes(piece);
        piece.AsSpan().Replace((byte)'\n', (byte)' ');
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < megabytes; i++)
        {
            hash.AppendData(piece);
            await writer.WriteBytesAsync(LogSource.Out, "", piece, LogFixture.Cancellation);
        }

        hash.AppendData("\nafter\n"u8);
        await writer.WriteBytesAsync(LogSource.Out, "", "\nafter\n"u8.ToArray(), LogFixture.Cancellation);
        await Expect(page.Text(2)).ToHaveTextAsync("after");
        await Expect(page.Text(1)).ToContainTextAsync("bytes of this line are left out");
        await page.Button("Wrap").ClickAsync();
        await page.PressAsync("Home", "End");
        await Expect(page.Text(2)).ToBeInViewportAsync();
        Assert.Equal(hash.GetHashAndReset(), SHA256.HashData(await host.RawAsync(run)));
    }

    private (int Run, ILogWriter Writer) Open()
    {
        var run = Interlocked.Increment(ref s_run);
        return (run, host.Store.OpenWriter($"run-{run}", []));
    }
}
