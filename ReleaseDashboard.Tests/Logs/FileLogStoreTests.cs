using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class FileLogStoreTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Write_SeveralLines_AreNumberedAndReadBack()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        Assert.Equal(2, await writer.WriteAsync(LogSource.Err, "jobs.migrate", "one\ntwo\r\n", LogFixture.Cancellation, at));
        Assert.Equal(3, await writer.WriteAsync(LogSource.Sys, "", "three", LogFixture.Cancellation, at));

        var batch = await _logs.Store.ReadAsync("run-1", 1, 10, LogFixture.Cancellation);

        Assert.Equal(
            [new LogLine(1, at, LogSource.Err, "jobs.migrate", "one"), new(2, at, LogSource.Err, "jobs.migrate", "two"), new(3, at, LogSource.Sys, "", "three")],
            batch.Lines);
        Assert.Equal((3L, false), (batch.TotalLines, batch.Ended));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("\n", 1)]
    [InlineData("a\n\n", 2)]
    [InlineData("10 %\r20 %\r30 %", 1)]
    [InlineData("a\nb", 2)]
    public async Task Write_LineEnds_MakeLines(string text, long lines)
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        Assert.Equal(lines, await writer.OutAsync(text));
        Assert.Equal(lines, _logs.Store.State("run-1").TotalLines);
    }

    [Fact]
    public async Task Write_HostileText_IsKeptAsItIs()
    {
        string[] texts = ["<script>alert(1)</script>", "\u001b[31mred\u001b[0m \u001b]0;title\u0007", "nul\0 tab\t", "\u202Eevil", "a\rb", "ünïcode 🎉", "\u2028"];
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        foreach (var text in texts) await writer.OutAsync(text);
        Assert.Equal(texts, await _logs.Store.TextsAsync("run-1"));
    }

    [Fact]
    public async Task Write_TenMegabytesInOneLine_IsShownCutAndRawKeepsAll()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("before");
        await writer.OutAsync(new string('x', 10_000_000) + "needle");
        await writer.OutAsync("after");

        var lines = await _logs.Store.TextsAsync("run-1");

        Assert.Equal(3, lines.Length);
        Assert.StartsWith(new string('x', 65_536) + " … [9,934,470 bytes", lines[1], StringComparison.Ordinal);
        Assert.Equal("after", lines[2]);
        await using var raw = _logs.Store.OpenRaw("run-1")!;
        Assert.Equal(10_000_006 + 1 + "before\nafter\n".Length, raw.Length);
        Assert.Equal(3, Assert.Single((await _logs.SearchAsync("run-1", "after", false, 1, 10, LogFixture.Cancellation)).Matches).Number);
    }

    [Fact]
    public async Task Read_CutInsideACharacter_ShowsNoHalfOfIt()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("x" + string.Concat(Enumerable.Repeat("🎉", 20_000)));
        var text = Assert.Single(await _logs.Store.TextsAsync("run-1"));
        Assert.DoesNotContain('\uFFFD', text);
        Assert.StartsWith("x🎉", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AnyPage_IsThatPage()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        for (var i = 1; i <= 2500; i++) await writer.OutAsync($"line {i}");
        foreach (var (from, limit, first, count) in new[] { (1L, 10, 1L, 10), (2491L, 100, 2491L, 10), (1200L, 3, 1200L, 3), (2501L, 5, 2501L, 0), (-4L, 1, 1L, 1) })
        {
            var page = await _logs.Store.ReadAsync("run-1", from, limit, LogFixture.Cancellation);
            Assert.Equal(Enumerable.Range((int)first, count).Select(i => $"line {i}"), page.Lines.Select(l => l.Text));
            Assert.Equal(first, page.FirstLine);
        }
    }

    [Fact]
    public async Task OpenWriter_WhileOpen_IsRefusedAndAfterwardsContinues()
    {
        var first = _logs.Store.OpenWriter("run-1", []);
        await first.OutAsync("a", "jobs.one");
        Assert.Throws<InvalidOperationException>(() => _logs.Store.OpenWriter("run-1", []));
        await first.DisposeAsync();

        await using var second = _logs.Reopen().OpenWriter("run-1", []);
        Assert.Equal(2, await second.OutAsync("b", "jobs.two"));
        Assert.Equal(["jobs.one", "jobs.two"], (await _logs.Store.AllAsync("run-1")).Select(l => l.Task));
    }

    [Fact]
    public async Task Complete_SurvivesRestart()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            await writer.OutAsync("a");
            writer.Complete();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.OutAsync("late"));
        }
        Assert.Equal(new LogState(1, true), _logs.Reopen().State("run-1"));
        Assert.Equal(["a"], await _logs.Reopen().TextsAsync("run-1"));
    }

    [Fact]
    public async Task CountTaskLines_TellsPrintedFirstAndLast()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("x");
        await writer.WriteAsync(LogSource.Sys, "jobs.a", "starting", LogFixture.Cancellation);
        await writer.OutAsync("1\n2", "jobs.a");
        await writer.OutAsync("y", "jobs.b");
        await writer.WriteAsync(LogSource.Err, "jobs.a", "3", LogFixture.Cancellation);
        await writer.OutAsync("z");

        Assert.Equal(new TaskLines(3, 2, 6), await _logs.Store.CountTaskLinesAsync("run-1", "jobs.a", LogFixture.Cancellation));
        Assert.Equal(new TaskLines(2, 1, 7), await _logs.Store.CountTaskLinesAsync("run-1", "", LogFixture.Cancellation));
        Assert.Equal(default, await _logs.Store.CountTaskLinesAsync("run-1", "jobs.none", LogFixture.Cancellation));
        Assert.Equal(default, await _logs.Store.CountTaskLinesAsync("run-9", "jobs.a", LogFixture.Cancellation));
    }

    [Fact]
    public async Task UnknownLog_HasNoLines()
    {
        Assert.Equal(new LogState(0, false), _logs.Store.State("run-9"));
        Assert.Empty((await _logs.Store.ReadAsync("run-9", 1, 10, LogFixture.Cancellation)).Lines);
        Assert.Null(_logs.Store.OpenRaw("run-9"));
        _logs.Store.Delete("run-9");
    }

    [Theory]
    [InlineData("../run-1")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void LogId_ThatIsNoFileName_IsRefused(string id) => Assert.Throws<ArgumentException>(() => _logs.Store.State(id));

    [Fact]
    public async Task Delete_LeavesNothing()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await writer.OutAsync("a", "jobs.a");
        _logs.Store.Delete("run-1");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!));
    }

    [Fact]
    public async Task Search_FindsEveryOccurrenceInPages()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        for (var i = 1; i <= 50_000; i++) await writer.OutAsync(i % 1000 == 0 ? $"é {i} Needle and needle" : $"line {i} of the haystack, long enough to need several pieces");

        var all = await _logs.SearchAsync("run-1", "needle", false, 1, 1000, LogFixture.Cancellation);
        Assert.Equal((100L, 100, (long?)null), (all.Total, all.Matches.Count, all.NextFrom));
        Assert.Equal(new LogMatch(1000, 7, 6, "é 1000 Needle and needle"), all.Matches[0]);
        Assert.Equal((1000L, 18), (all.Matches[1].Number, all.Matches[1].Column));

        var exact = await _logs.SearchAsync("run-1", "Needle", false, 1, 1000, LogFixture.Cancellation);
        Assert.Equal(50, exact.Total);

        var numbers = new List<long>();
        for (long? from = 1; from is not null;)
        {
            var page = await _logs.SearchAsync("run-1", @"N\w+ and n\w+$", true, from.Value, 7, LogFixture.Cancellation);
            Assert.Equal(50, page.Total);
            numbers.AddRange(page.Matches.Select(m => m.Number));
            from = page.NextFrom;
        }
        Assert.Equal(Enumerable.Range(1, 50).Select(i => i * 1000L), numbers);
    }

    [Theory]
    [InlineData("(", true)]
    [InlineData("(?=a)b", true)]
    [InlineData("", false)]
    public async Task Search_ThatCannotBe_SaysWhy(string query, bool regex) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _logs.SearchAsync("run-1", query, regex, 1, 10, LogFixture.Cancellation));
}
