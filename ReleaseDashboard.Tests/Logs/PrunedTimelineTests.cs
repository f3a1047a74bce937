using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>A service's timeline after the log of one of its instances, or the older part of it, is gone.</summary>
public sealed class PrunedTimelineTests : IDisposable
{
    private const string Service = "service-ted1_web";
    private static readonly TimelineMember One = new("instance-ted1-one", "web-1");
    private static readonly TimelineMember Two = new("instance-ted1-two", "web-2");
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LinesThatAreGone_ArePassedOver_AndTheOthersKeepTheirNumbers(bool byRetention)
    {
        await WriteInTurnAsync(40);
        var before = await _logs.Store.AllAsync(Service);
        Assert.Null(_logs.Store.State(Service).Pruned);
        if (byRetention) Assert.True(_logs.Store.Prune(Two.LogId, "It was old."));
        else _logs.Store.Delete(Two.LogId);

        foreach (var store in new[] { _logs.Store, _logs.Reopen() })
        {
            var after = await AllAsync(store);
            Assert.Equal(before.Where(l => l.Task == "web-1"), after);
            var pruned = store.State(Service).Pruned!;
            Assert.Equal((40, 37, 10), (store.State(Service).TotalLines, pruned.Lines, pruned.Removed));
            Assert.Contains("10 of web-2", pruned.Reason, StringComparison.Ordinal);
            Assert.EndsWith(byRetention ? "It was old." : "on the disk any more.", pruned.Reason, StringComparison.Ordinal);
            Assert.InRange(pruned.At, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));
        }
        var found = await _logs.SearchAsync(Service, "line", false, 1, 100, LogFixture.Cancellation);
        Assert.Equal((30, 2L), (found.Total, found.Matches[0].Number));
        var outline = await _logs.Questions().OutlineAsync(Service, new OutlineFrame(null, 10), LogFixture.Cancellation);
        Assert.Equal((40, 30), (outline.TotalLines, outline.Groups.Single().Lines));
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => new LineRange((4 * i) + 2, (4 * i) + 4))], outline.Kept!);
        using var raw = new StreamReader(_logs.Store.OpenRaw(Service)!);
        var text = (await raw.ReadToEndAsync(LogFixture.Cancellation)).Split('\n')[..^1];
        Assert.Equal(before.Select(l => l.Task == "web-1" ? l.Text : ""), text.Select(l => l.Trim()));
    }

    [Fact]
    public async Task Raw_WhereThereIsRoom_SaysWhatWasRemoved()
    {
        await using (var one = _logs.Store.OpenWriter(One.LogId, []))
        {
            for (var i = 0; i < 50; i++) await one.OutAsync($"line {i}");
            one.Complete();
        }
        _logs.Timelines.Advance(Service, One);
        await using (var two = _logs.Store.OpenWriter(Two.LogId, [])) await two.OutAsync("still here");
        _logs.Timelines.Advance(Service, Two);
        _logs.Store.Prune(One.LogId, "It was old.");
        using var raw = new StreamReader(_logs.Store.OpenRaw(Service)!);
        var lines = (await raw.ReadToEndAsync(LogFixture.Cancellation)).Split('\n');
        Assert.Equal((52, "still here"), (lines.Length, lines[50]));
        Assert.Equal("Gap: 50 lines (390 bytes) are missing here because they were removed from the log of web-1.", lines[49].Trim());
    }

    [Fact]
    public async Task Timeline_ThatWasLookedAtBefore_SeesWhatIsRemovedNext()
    {
        await WriteInTurnAsync(40);
        for (var look = 0; look < 3; look++) Assert.Equal(40, (await AllAsync(_logs.Store)).Count);
        _logs.Store.Prune(Two.LogId, "It was old.");
        for (var look = 0; look < 3; look++) Assert.Equal(30, (await AllAsync(_logs.Store)).Count);
        _logs.Store.Prune(One.LogId, "It was old as well.");
        for (var look = 0; look < 3; look++) Assert.Empty(await AllAsync(_logs.Store));
        Assert.Equal((40, 40), (_logs.Store.State(Service).TotalLines, _logs.Store.State(Service).Pruned!.Removed));
    }

    [Fact]
    public async Task Pins_OfATimeline_OutliveTheInstance()
    {
        await WriteInTurnAsync(40);
        var before = await _logs.Store.AllAsync(Service);
        Assert.Null(await _logs.Store.PinAsync(Service, 4, 10, LogFixture.Cancellation));
        _logs.Store.Prune(One.LogId, "It was old.");
        _logs.Store.Prune(Two.LogId, "It was old.");
        var store = _logs.Reopen();
        Assert.Equal(before.Skip(3).Take(7), await AllAsync(store));
        Assert.Equal(before.Skip(4).Take(3), (await store.ReadAsync(Service, 5, 3, LogFixture.Cancellation)).Lines);
        Assert.Equal([5L, 9], (await _logs.SearchAsync(Service, "line 4|line 8", true, 1, 10, LogFixture.Cancellation)).Matches.Select(m => m.Number));
        Assert.Contains("any more", await store.PinAsync(Service, 1, 5, LogFixture.Cancellation), StringComparison.Ordinal);

        await using (var three = _logs.Store.OpenWriter("instance-ted1-three", [])) await three.OutAsync("line 4 again");
        _logs.Timelines.Advance(Service, new TimelineMember("instance-ted1-three", "web-3"));
        Assert.Equal([4L, 5, 6, 7, 8, 9, 10, 41], (await AllAsync(_logs.Store)).Select(l => l.Number));
        Assert.Equal([5L, 41], (await _logs.SearchAsync(Service, "line 4", false, 1, 10, LogFixture.Cancellation)).Matches.Select(m => m.Number));

        _logs.Timelines.Delete(Service);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!, Service + "*"));
    }

    [Fact]
    public async Task OlderHalf_ThatWasDropped_IsPassedOver()
    {
        var options = new LogOptions { MaxMegabytesPerInstance = 1 };
        var store = LogFixture.Open(_logs.DataDirectory, options);
        using var timelines = _logs.NewTimelines(store);
        await using var writer = store.OpenWriter(One.LogId, []);
        for (var i = 1; i <= 3000; i++)
        {
            await writer.OutAsync($"{i} {new string('x', 500)}");
            if (i % 100 == 0 || i < 3) timelines.Advance(Service, One);
        }
        var lines = await AllAsync(store);
        Assert.All(lines, l => Assert.True(l.At > TimeProvider.System.GetUtcNow().AddHours(-1)));
        Assert.True(lines[0].Number > 500);
        Assert.Equal(store.State(Service).Pruned!.Lines + 1, lines[0].Number);
        Assert.Equal(store.State(Service).TotalLines, lines[^1].Number);
        Assert.Equal("3000", lines[^1].Text.Split(' ')[0]);
    }

    /// <summary>Every line that is there, by going on from page to page.</summary>
    private static async Task<List<LogLine>> AllAsync(FileLogStore store)
    {
        var lines = new List<LogLine>();
        while (await store.ReadAsync(Service, lines.Count == 0 ? 1 : lines[^1].Number + 1, 1000, LogFixture.Cancellation) is { Lines.Count: > 0 } batch) lines.AddRange(batch.Lines);
        return lines;
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
        one.Complete();
        two.Complete();
    }
}
