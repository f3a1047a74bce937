using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class LogPruneTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prune_KeepsPinnedLinesFindingsAndWhatWasThere(bool compressed)
    {
        await MakeAsync();
        if (compressed) Assert.True(await _logs.Store.CompressAsync("run-1", _ => ValueTask.CompletedTask, LogFixture.Cancellation));
        var before = await _logs.Store.AllAsync("run-1");
        Assert.Null(await _logs.Store.PinAsync("run-1", 120, 140, LogFixture.Cancellation));
        Assert.Null(await _logs.Store.PinAsync("run-1", 120, 140, LogFixture.Cancellation));
        Assert.Null(await _logs.Store.PinAsync("run-1", 125, 130, LogFixture.Cancellation));
        Assert.Null(await _logs.Store.PinAsync("run-1", 500, 501, LogFixture.Cancellation));
        Assert.Single(await File.ReadAllLinesAsync(_logs.File("run-1.pins"), LogFixture.Cancellation), l => l.Contains("\"From\":120", StringComparison.Ordinal));

        Assert.True(_logs.Store.Prune("run-1", "It was old."));
        Assert.False(_logs.Store.Prune("run-1", "It was old."));

        var store = _logs.Reopen();
        var state = store.State("run-1");
        Assert.Equal((1000, true, 1000, "It was old."), (state.TotalLines, state.Ended, state.Pruned!.Lines, state.Pruned.Reason));
        var batch = await store.ReadAsync("run-1", 1, 1000, LogFixture.Cancellation);
        Assert.Equal((120, 1000L), (batch.FirstLine, batch.TotalLines));
        Assert.Equal(before.Skip(119).Take(21), batch.Lines);
        Assert.Equal(before.Skip(499).Take(2), (await store.ReadAsync("run-1", 141, 1000, LogFixture.Cancellation)).Lines);
        Assert.Equal([130], (await store.ReadAsync("run-1", 130, 1, LogFixture.Cancellation)).Lines.Select(l => l.Number));
        Assert.Empty((await store.ReadAsync("run-1", 502, 1000, LogFixture.Cancellation)).Lines);
        Assert.Equal([new SecretFinding("jobs.a", 10, 100)], store.Findings("run-1"));
        Assert.Equal(["run-1"], store.List("run-"));
        Assert.Null(store.OpenRaw("run-1"));
        var found = await _logs.SearchAsync("run-1", "line", false, 1, 10, LogFixture.Cancellation);
        Assert.Equal((23, 120L, 130L), (found.Total, found.Matches[0].Number, found.NextFrom));
        var followed = new List<LogBatch>();
        await foreach (var part in store.FollowAsync("run-1", 1, LogFixture.Cancellation)) followed.Add(part);
        Assert.Equal((23, true), (followed.Sum(b => b.Lines.Count), followed[^1].Ended));
        Assert.Contains("any more", await store.PinAsync("run-1", 1, 5, LogFixture.Cancellation), StringComparison.Ordinal);

        store.Delete("run-1");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!));
    }

    [Fact]
    public async Task Pin_OfTooMuch_SaysWhy()
    {
        await MakeAsync();
        Assert.Contains("1,000", await _logs.Store.PinAsync("run-1", 1, 1001, LogFixture.Cancellation), StringComparison.Ordinal);
        Assert.NotNull(await _logs.Store.PinAsync("run-1", 999, 1001, LogFixture.Cancellation));
        Assert.NotNull(await _logs.Store.PinAsync("run-1", 0, 1, LogFixture.Cancellation));
        Assert.Null(await _logs.Store.PinAsync("run-1", 1, 1000, LogFixture.Cancellation));
    }

    [Fact]
    public async Task Prune_OfALogThatIsWritten_DoesNothing()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("a");
        Assert.False(_logs.Store.Prune("run-1", "It was old."));
        Assert.Equal(["a"], await _logs.Store.TextsAsync("run-1"));
    }

    [Fact]
    public async Task Prune_OfADamagedLog_RemovesIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_logs.File("x"))!);
        await File.WriteAllTextAsync(_logs.File("run-9.log.zst"), "no log at all", LogFixture.Cancellation);
        Assert.NotNull(LogGap.Of(LogSource.Sys, Assert.Single(await _logs.Store.TextsAsync("run-9"))));
        Assert.True(_logs.Store.Prune("run-9", "It was old."));
        Assert.Equal((1, "It was old."), (_logs.Reopen().State("run-9").TotalLines, _logs.Reopen().State("run-9").Pruned!.Reason));
    }

    [Theory]
    [InlineData("run-1.log.zst.new")]
    [InlineData("run-1.log.zst.new.index")]
    [InlineData("run-1.idx.new")]
    [InlineData("run-1.log.3.new")]
    [InlineData("run-1.secrets.new")]
    public async Task Tidy_RemovesWhatWasHalfMade_UnlessItIsBeingMade(string left)
    {
        await MakeAsync();
        await File.WriteAllTextAsync(_logs.File(left), "half", LogFixture.Cancellation);
        var writer = _logs.Store.OpenWriter("run-1", []);
        _logs.Store.Tidy();
        Assert.True(File.Exists(_logs.File(left)));
        await writer.DisposeAsync();
        _logs.Store.Tidy();
        Assert.False(File.Exists(_logs.File(left)));
        Assert.Equal(1000, _logs.Reopen().State("run-1").TotalLines);
    }

    [Fact]
    public async Task OpenWriter_OfAPrunedLog_GoesOnWithItsNumbers()
    {
        await MakeAsync();
        await _logs.Store.PinAsync("run-1", 7, 8, LogFixture.Cancellation);
        _logs.Store.Prune("run-1", "It was old.");
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) Assert.Equal(1001, await writer.OutAsync("again", "jobs.a"));
        var store = _logs.Reopen();
        Assert.Equal((1001, 1000), (store.State("run-1").TotalLines, store.State("run-1").Pruned!.Lines));
        Assert.Equal([7, 8], (await store.ReadAsync("run-1", 1, 10, LogFixture.Cancellation)).Lines.Select(l => l.Number));
        Assert.Equal("again", Assert.Single((await store.ReadAsync("run-1", 9, 10, LogFixture.Cancellation)).Lines).Text);
    }

    private async Task MakeAsync()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", ["s3cr3t-value"]);
        for (var i = 1; i <= 1000; i++) await writer.WriteAsync(LogSource.Out, "jobs.a", $"line {i}{(i % 100 == 0 ? " s3cr3t-value" : "")}", LogFixture.Cancellation);
        writer.Complete();
    }
}
