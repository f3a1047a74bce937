using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class TimelineTests : IDisposable
{
    private const string Service = "service-ted1_web";
    private static readonly TimelineMember One = new("instance-ted1-one", "web-1");
    private static readonly TimelineMember Two = new("instance-ted1-two", "web-2");
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Lines_OfTwoLogs_StandInTheOrderTheyCame()
    {
        await WriteInTurnAsync(300);
        var lines = await _logs.Store.AllAsync(Service);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"line {i}"), lines.Select(l => l.Text));
        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), lines.Select(l => l.Number));
        Assert.All(lines, l => Assert.Equal(l.Number % 4 == 1 ? "web-2" : "web-1", l.Task));
        using var raw = new StreamReader(_logs.Store.OpenRaw(Service)!);
        Assert.Equal(string.Concat(lines.Select(l => l.Text + "\n")), await raw.ReadToEndAsync(LogFixture.Cancellation));
    }

    [Fact]
    public async Task Search_InATimeline_FindsLinesOfBothByTheirNumbersThere()
    {
        await WriteInTurnAsync(300);
        var found = await _logs.SearchAsync(Service, "line 12", false, 1, 100, LogFixture.Cancellation);
        Assert.Equal([13L, .. Enumerable.Range(121, 10).Select(n => (long)n)], found.Matches.Select(m => m.Number));
    }

    [Fact]
    public async Task Reader_OfATimelineThatGrows_NeverFailsAndNeverSeesFewerLinesThanBefore()
    {
        await WriteInTurnAsync(2);
        var writing = Task.Run(() => WriteInTurnAsync(20000), LogFixture.Cancellation);
        var before = 2L;
        while (!writing.IsCompleted)
        {
            var page = await _logs.Store.ReadAsync(Service, before, 10, LogFixture.Cancellation);
            Assert.NotEmpty(page.Lines);
            Assert.InRange(page.TotalLines, before, long.MaxValue);
            before = page.TotalLines;
        }

        await writing;
        Assert.Equal(20002, (await _logs.Store.AllAsync(Service)).Count);
    }

    [Fact]
    public async Task Page_FromAnyLine_IsTheSameAsInTheWhole()
    {
        await WriteInTurnAsync(300);
        var all = await _logs.Store.AllAsync(Service);
        foreach (var from in new[] { 1, 2, 5, 99, 250, 300 })
        {
            var page = await _logs.Store.ReadAsync(Service, from, 37, LogFixture.Cancellation);
            Assert.Equal(all.Skip(from - 1).Take(37), page.Lines);
            Assert.Equal(300, page.TotalLines);
        }
    }

    [Fact]
    public async Task Killed_BetweenLogAndTimeline_TheNextToOpenAddsWhatIsMissing()
    {
        await WriteInTurnAsync(20);
        await using (var writer = _logs.Store.OpenWriter(One.LogId, [])) await writer.OutAsync("not in the timeline yet");
        _logs.Timelines.Dispose();
        await using (var torn = new FileStream(_logs.File($"{Service}.timeline"), FileMode.Append)) await torn.WriteAsync(new byte[17], LogFixture.Cancellation);

        using var reopened = _logs.NewTimelines();
        Assert.Equal([Two, One], reopened.Members(Service));
        var lines = await _logs.Store.TextsAsync(Service);
        Assert.Equal(21, lines.Length);
        Assert.Equal("not in the timeline yet", lines[^1]);
    }

    [Fact]
    public async Task Follower_OfATimeline_SeesWhatEitherLogGets()
    {
        await using var one = _logs.Store.OpenWriter(One.LogId, []);
        await one.OutAsync("first");
        _logs.Timelines.Advance(Service, One);
        var texts = new List<string>();
        await foreach (var batch in _logs.Store.FollowAsync(Service, 1, LogFixture.Cancellation))
        {
            texts.AddRange(batch.Lines.Select(l => l.Text));
            if (texts.Count == 2) break;
            await using var two = _logs.Store.OpenWriter(Two.LogId, []);
            await two.OutAsync("second");
            _logs.Timelines.Advance(Service, Two);
        }

        Assert.Equal(["first", "second"], texts);
    }

    [Fact]
    public async Task OneLogAlone_NeedsOneRecordHoweverLongItIs()
    {
        await using var one = _logs.Store.OpenWriter(One.LogId, []);
        for (var i = 0; i < 50; i++)
        {
            await one.OutAsync($"line {i}");
            _logs.Timelines.Advance(Service, One);
        }

        Assert.Equal(2 * TimelineRecord.Size, new FileInfo(_logs.File($"{Service}.timeline")).Length);
        Assert.Equal(50, _logs.Store.State(Service).TotalLines);
    }

    /// <summary>Every fourth line is of the second log.</summary>
    private async Task WriteInTurnAsync(int lines)
    {
        await using var one = _logs.Store.OpenWriter(One.LogId, []);
        await using var two = _logs.Store.OpenWriter(Two.LogId, []);
        for (var i = 0; i < lines; i++)
        {
            var (writer, member) = i % 4 == 0 ? (two, Two) : (one, One);
            await writer.WriteAsync(LogSource.Out, "", $"line {i}", LogFixture.Cancellation);
            _logs.Timelines.Advance(Service, member);
        }
    }
}
