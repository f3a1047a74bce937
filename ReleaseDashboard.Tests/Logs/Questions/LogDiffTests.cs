using System.Text;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions.Diff;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs.Questions;

public sealed class LogDiffTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("2026-11-23T10:20:30.123Z started", "2026-11-24T01:02:03.9+01:00 started")]
    [InlineData("Nov 23 16:04:43 host app[123]: up", "Dec  1 06:04:43 host app[99]: up")]
    [InlineData("[10:20:30] compiled in 1.5s", "[11:00:00] compiled in 20 ms")]
    [InlineData("#7 1.532 Downloading (12.3 MB)", "#12 0.9 Downloading (800 kB)")]
    [InlineData("commit 3fb5dc5 of shop", "commit a1b2c3d4e5f6 of shop")]
    [InlineData("sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9", "sha256:ffffffffffffffffffffffffffff0000ffffffffffffffffffffffffffff0000")]
    [InlineData("id 123e4567-e89b-12d3-a456-426614174000.", "id 00000000-1111-2222-3333-444444444444.")]
    [InlineData("listening on 172.18.0.2:40123", "listening on 10.0.0.99:8080")]
    [InlineData("proxy to localhost:40123", "proxy to localhost:33211")]
    [InlineData("removed ted1-web-0a1b2c3d4e-1", "removed ted1-web-9f9f9f9f9f-1")]
    [InlineData("see run 12 of deployment 7", "see run 130 of deployment 88")]
    [InlineData("wrote /tmp/tmp.x8Ka9/log", "wrote /tmp/pip-abc/log")]
    [InlineData("\u001b[32mok\u001b[0m", "ok")]
    [InlineData("took 1m23s", "took 59s")]
    [InlineData("at 1700000000123", "at 1800000000999")]
    public void Lines_ThatDifferOnlyByTheRun_AreAlike(string a, string b) => Assert.Equal(Normal(a), Normal(b));

    [Theory]
    [InlineData("12 passed", "11 passed")]
    [InlineData("error: x", "error: y")]
    [InlineData("main.c:10:5: warning", "main.c:11:5: warning")]
    [InlineData("HTTP 200", "HTTP 500")]
    [InlineData("python 3.11", "python 3.12")]
    [InlineData("deadbee is a word", "feedbag is a word")]
    [InlineData("exit code 1", "exit code 137")]
    public void Lines_ThatDifferInWhatTheySay_AreNot(string a, string b) => Assert.NotEqual(Normal(a), Normal(b));

    [Fact]
    public async Task Difference_OfTwoRuns_ShowsWhatIsNew()
    {
        await WriteAsync("run-1", "", "Plan", "10:00:00 pull", "10:00:01 build", "tests: 12 passed", "done in 3.1s");
        await WriteAsync("run-2", "", "Plan", "11:00:00 pull", "11:00:09 build", "tests: 11 passed", "error: one failed");
        var found = await CompareAsync("run-2", "run-1");
        Assert.Equal(
            [new(DiffKind.Same, new(1, 3), new(1, 3)), new(DiffKind.Removed, new(4, 5), null), new(DiffKind.Added, null, new(4, 5))],
            found.Rows);
        Assert.False(found.Truncated);
    }

    [Fact]
    public async Task Difference_OfTasksThatRunInParallel_IsThatOfEachTask()
    {
        await using (var left = _logs.Store.OpenWriter("run-1", []))
        await using (var right = _logs.Store.OpenWriter("run-2", []))
        {
            for (var i = 0; i < 50; i++)
            {
                await left.OutAsync($"web {i}", "services.web");
                await left.OutAsync($"api {i}", "services.api");
                if (i % 2 == 0) continue;
                for (var k = i - 1; k <= i; k++) await right.OutAsync($"api {k}", "services.api");
                for (var k = i - 1; k <= i; k++) await right.OutAsync($"web {k}", "services.web");
            }
        }
        Assert.All((await CompareAsync("run-2", "run-1")).Rows, r => Assert.Equal(DiffKind.Same, r.Kind));
    }

    [Fact]
    public async Task Difference_OfBuildStepsWithOtherNumbers_ComparesStepsByTheirNames()
    {
        await WriteAsync("run-1", "images.web", "#1 [1/2] FROM base", "#2 [2/2] RUN make", "#1 a", "#2 b", "#1 done 0.1s", "#2 done 3.0s");
        await WriteAsync("run-2", "images.web", "#1 [2/2] RUN make", "#1 b", "#1 done 9.0s", "#2 [1/2] FROM base", "#2 a", "#2 done 0.3s");
        Assert.All((await CompareAsync("run-2", "run-1")).Rows, r => Assert.Equal(DiffKind.Same, r.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Difference_OfRandomLogs_HasEveryLineOnceInOrderAndPairsOnlyWhatIsAlike(int seed)
    {
        await using (var left = _logs.Store.OpenWriter("run-1", [])) await RandomLogs.WriteAsync(left, seed, 1500);
        await using (var right = _logs.Store.OpenWriter("run-2", [])) await RandomLogs.WriteAsync(right, seed + 1, 1700);
        var (before, after) = (await _logs.Store.AllAsync("run-1"), await _logs.Store.AllAsync("run-2"));
        var rows = (await CompareAsync("run-2", "run-1")).Rows;
        Assert.Equal(Enumerable.Range(1, 1700).Select(i => (long)i), rows.SelectMany(r => Numbers(r.Right)));
        Assert.Equal(Enumerable.Range(1, 1500).Select(i => (long)i), rows.SelectMany(r => Numbers(r.Left)).Order());
        foreach (var row in rows.Where(r => r.Kind == DiffKind.Same))
        {
            foreach (var (l, r) in Numbers(row.Left).Zip(Numbers(row.Right)))
            {
                Assert.Equal((before[(int)l - 1].Task, Normal(before[(int)l - 1].Text)), (after[(int)r - 1].Task, Normal(after[(int)r - 1].Text)));
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(60)]
    public void Alignment_OfSmallLists_IsAsLongAsCanBe(int kinds)
    {
        var random = new Random(kinds);
        for (var round = 0; round < 50; round++)
        {
            var (left, right) = (Make(random, kinds), Make(random, kinds));
            var match = new int[left.Length];
            Array.Fill(match, -1);
            Alignment.Match(left, [.. Enumerable.Range(0, left.Length)], right, [.. Enumerable.Range(0, right.Length)], match);
            var pairs = match.Select((r, l) => (l, r)).Where(p => p.r >= 0).ToList();
            Assert.Equal(pairs.OrderBy(p => p.r), pairs);
            Assert.All(pairs, p => Assert.Equal(left[p.l], right[p.r]));
            Assert.Equal(Longest(left, right), pairs.Count);
        }
    }

    [Fact]
    public void Alignment_OfLargeListsWithoutAnythingUnique_StillFindsWhatIsInOrder()
    {
        var left = Enumerable.Range(0, 60_000).Select(i => (ulong)(i % 10)).ToArray();
        var right = left[..30_000].Concat([99UL, 99UL, 98UL]).Concat(left[30_000..]).ToArray();
        var match = new int[left.Length];
        Array.Fill(match, -1);
        Alignment.Match(left, [.. Enumerable.Range(0, left.Length)], right, [.. Enumerable.Range(0, right.Length)], match);
        Assert.Equal(60_000, match.Count(m => m >= 0));
    }

    [Fact]
    public async Task Difference_OfMoreLinesThanAreCompared_SaysSo()
    {
        var text = new StringBuilder();
        for (var i = 0; i < LogDiff.MostLines + 5; i++) text.Append("line ").Append(i).Append('\n');
        foreach (var log in new[] { "run-1", "run-2" })
        {
            await using var writer = _logs.Store.OpenWriter(log, []);
            await writer.OutAsync(text.ToString());
        }
        var found = await CompareAsync("run-2", "run-1");
        Assert.True(found.Truncated);
        Assert.Equal([new(DiffKind.Same, new(1, LogDiff.MostLines), new(1, LogDiff.MostLines))], found.Rows);
    }

    private static IEnumerable<long> Numbers(ReleaseDashboard.Core.Logs.Questions.LineRange? range)
    {
        for (var n = range?.From ?? 1; n <= (range?.To ?? 0); n++) yield return n;
    }

    private static ulong[] Make(Random random, int kinds) => [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (ulong)random.Next(kinds))];

    private static int Longest(ulong[] a, ulong[] b)
    {
        var best = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++) best[i, j] = a[i - 1] == b[j - 1] ? best[i - 1, j - 1] + 1 : Math.Max(best[i - 1, j], best[i, j - 1]);
        }
        return best[a.Length, b.Length];
    }

    private static string Normal(string line)
    {
        var buffer = new byte[LineHash.Most];
        return Encoding.UTF8.GetString(buffer, 0, LineHash.Normalize(Encoding.UTF8.GetBytes(line), buffer));
    }

    private async Task WriteAsync(string log, string task, params string[] lines)
    {
        await using var writer = _logs.Store.OpenWriter(log, []);
        foreach (var line in lines) await writer.WriteAsync(LogSource.Sys, task, line, LogFixture.Cancellation);
    }

    private async Task<LogDifference> CompareAsync(string log, string other) => (await _logs.Questions().CompareAsync(log, other, LogFixture.Cancellation))!;
}
