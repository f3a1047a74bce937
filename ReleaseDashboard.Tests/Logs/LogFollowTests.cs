using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class LogFollowTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Follow_EightReadersJoiningAtDifferentTimes_SeeEveryLineOnce()
    {
        const int Lines = 20_000;
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        var readers = new List<Task<List<long>>>();
        for (var i = 1; i <= Lines; i++)
        {
            await writer.OutAsync($"line {i}", "jobs.a");
            if (i % (Lines / 8) == 1) readers.Add(Task.Run(() => CollectAsync(_logs.Store, "run-1", 1), LogFixture.Cancellation));
        }
        writer.Complete();
        foreach (var seen in await Task.WhenAll(readers)) Assert.Equal(Enumerable.Range(1, Lines).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Follow_JoinedAgainAtALine_ContinuesThere()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        for (var i = 1; i <= 100; i++) await writer.OutAsync($"{i}");
        long seen = 0;
        await foreach (var batch in _logs.Store.FollowAsync("run-1", 1, LogFixture.Cancellation))
        {
            seen = batch.Lines[^1].Number;
            break;
        }
        for (var i = 101; i <= 150; i++) await writer.OutAsync($"{i}");
        writer.Complete();
        Assert.Equal(Enumerable.Range((int)seen + 1, 150 - (int)seen).Select(i => (long)i), await CollectAsync(_logs.Store, "run-1", seen + 1));
    }

    [Fact]
    public async Task Follow_TwoReadersOfTheEnd_GetOneAndTheSameLines()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("a");
        await using var one = _logs.Store.FollowAsync("run-1", 1, LogFixture.Cancellation).GetAsyncEnumerator(LogFixture.Cancellation);
        await using var two = _logs.Store.FollowAsync("run-1", 1, LogFixture.Cancellation).GetAsyncEnumerator(LogFixture.Cancellation);
        var shared = 0;
        for (var i = 0; i < 20; i++)
        {
            Assert.All(await Task.WhenAll(one.MoveNextAsync().AsTask(), two.MoveNextAsync().AsTask()), Assert.True);
            if (ReferenceEquals(one.Current.Lines, two.Current.Lines)) shared++;
            await writer.OutAsync("more");
        }

        // A moment may change between the two looks.
        Assert.InRange(shared, 10, 20);
    }

    [Fact]
    public async Task Follow_BeforeTheLogExists_SeesItsFirstLine()
    {
        var follower = CollectAsync(_logs.Store, "run-1", 1);
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("a");
        writer.Complete();
        Assert.Equal([1], await follower);
    }

    [Fact]
    public async Task Follow_AReaderThatStandsStill_DoesNotHoldTheWriter()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("a");
        await using var stuck = _logs.Store.FollowAsync("run-1", 1, LogFixture.Cancellation).GetAsyncEnumerator(LogFixture.Cancellation);
        Assert.True(await stuck.MoveNextAsync());
        for (var i = 0; i < 50_000; i++) await writer.OutAsync("more");
        Assert.True(await stuck.MoveNextAsync());
        Assert.Equal(2, stuck.Current.FirstLine);
        // A batch is bounded, however far behind its reader is.
        Assert.InRange(stuck.Current.Lines.Count, 1, 10_000);
    }

    [Fact]
    public async Task Follow_EndedLog_EndsWithABatchThatSaysSo()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) writer.Complete();
        var batches = new List<LogBatch>();
        await foreach (var batch in _logs.Reopen().FollowAsync("run-1", 1, LogFixture.Cancellation)) batches.Add(batch);
        Assert.Equal((0L, true), (Assert.Single(batches).TotalLines, batches[0].Ended));
    }

    [Fact]
    public async Task Watch_ABurst_IsTheNewestStateNotEveryOne()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        var states = new List<LogState>();
        var watching = Task.Run(async () =>
        {
            await foreach (var state in _logs.Store.WatchAsync("run-1", LogFixture.Cancellation)) states.Add(state);
        }, LogFixture.Cancellation);
        for (var i = 0; i < 5000; i++) await writer.OutAsync("x");
        writer.Complete();
        await watching;
        Assert.Equal(new LogState(5000, true), states[^1]);
        Assert.True(states.Count < 500, $"{states.Count} states");
    }

    private static async Task<List<long>> CollectAsync(FileLogStore store, string id, long from)
    {
        var seen = new List<long>();
        var ended = false;
        await foreach (var batch in store.FollowAsync(id, from, LogFixture.Cancellation))
        {
            Assert.False(ended);
            Assert.Equal(from, batch.FirstLine);
            seen.AddRange(batch.Lines.Select(l => l.Number));
            from += batch.Lines.Count;
            ended = batch.Ended;
        }
        Assert.True(ended);
        return seen;
    }
}
