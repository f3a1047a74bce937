using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>Output of real containers: every line once, over restarts and readers that come back, and what Docker has lost is said.</summary>
[Trait("Needs", "Docker")]
public sealed class FeedTests : IAsyncLifetime
{
    private readonly DockerEngine _engine = DockerLab.NewEngine();
    private readonly List<string> _containers = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await TestImages.BusyboxAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _containers) await Tool.TryAsync("docker", ["rm", "-f", "-v", id]);
        _engine.Dispose();
    }

    [Fact]
    public async Task Container_ThatDiesSoonAgainAndAgain_HasAllLinesOfEveryStart()
    {
        var id = await CreateAsync("for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done; echo trouble >&2; usleep 50000; exit 1", "--restart", "on-failure:4");
        await using var feed = await _engine.OpenOutputAsync(id, null, true, Stop);
        var reading = FeedReader.Begin(feed, Stop);
        await Tool.DockerAsync("start", id);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Empty(reading.Losses);
        Assert.Equal(Enumerable.Repeat(Enumerable.Range(1, 9).Select(i => $"line {i}"), 5).SelectMany(l => l), reading.Lines.Where(l => l != "trouble"));
        Assert.Equal(5, reading.Lines.Count(l => l == "trouble"));
    }

    [Fact]
    public async Task Container_ThatIsStartedAgainAndStays_GoesOnWithoutALineTwice()
    {
        var id = await CreateAsync($"if [ ! -e /tmp/second ]; then touch /tmp/second; echo first; exit 1; fi; {Count(8000)}", "--restart", "on-failure:1");
        await using var feed = await _engine.OpenOutputAsync(id, null, true, Stop);
        var reading = FeedReader.Begin(feed, Stop);
        await Tool.DockerAsync("start", id);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Empty(reading.Losses);
        Assert.Equal(["first", .. Numbers(8000)], reading.Lines);
    }

    [Fact]
    public async Task Log_ReadFromTheTimeOfALine_BeginsWithThatLineAtTheLatest()
    {
        var id = await CreateAsync("for i in $(seq 60); do echo line $i; usleep 1000; done");
        await Tool.DockerAsync("start", "-a", id);
        var logs = new DockerOutput(DockerLab.Connection);
        var lines = await logs.ReadAsync(id, null, false, Stop).ToListAsync(Stop);
        Assert.Equal(60, lines.Count);
        foreach (var line in lines) Assert.Contains(line, await logs.ReadSinceAsync(id, line.At, Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Reader_ThatComesBackAgainAndAgain_GoesOnBehindWhatItHas()
    {
        var id = await CreateAsync(Count(20_000));
        var all = new List<string>();
        OutputMark? mark = null;
        await using (var feed = await _engine.OpenOutputAsync(id, null, true, Stop)) await ReadSomeAsync(feed, () => Tool.DockerAsync("start", id));
        for (var round = 0; round < 3; round++)
        {
            await using var feed = await _engine.OpenOutputAsync(id, mark, false, Stop);
            await ReadSomeAsync(feed, () => Task.CompletedTask);
        }

        await using (var feed = await _engine.OpenOutputAsync(id, mark, false, Stop))
        {
            var reading = FeedReader.Begin(feed, Stop);
            await reading.Ended.WaitAsync(TimeSpan.FromSeconds(60), Stop);
            Assert.Empty(reading.Losses);
            all.AddRange(reading.Lines);
        }

        Assert.Equal(Numbers(20_000), all);

        async Task ReadSomeAsync(IOutputFeed feed, Func<Task> begin)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var reading = FeedReader.Begin(feed, enough.Token);
            await begin();
            await Eventually.TrueAsync(() => reading.Count > 1500, "lines come");
            await enough.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Ended);
            Assert.Empty(reading.Losses);
            mark = reading.Mark(mark);
            all.AddRange(reading.Lines);
        }
    }

    [Fact]
    public async Task Container_WhoseLogDockerDoesNotKeep_SaysWhatMayBeMissing()
    {
        var id = await CreateAsync("if [ ! -e /tmp/second ]; then touch /tmp/second; echo first; exit 1; fi; echo second; sleep 2; echo third", "--restart", "on-failure:1", "--log-driver", "none");
        await using var feed = await _engine.OpenOutputAsync(id, null, true, Stop);
        var reading = FeedReader.Begin(feed, Stop);
        await Tool.DockerAsync("start", id);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(("first", "third"), (reading.Lines[0], reading.Lines[^1]));
        Assert.NotEmpty(reading.Losses);
    }

    [Fact]
    public async Task Container_WhoseLogWasRotatedAway_SaysSoAndGoesOn()
    {
        var id = await CreateAsync($"{Count(500)}; touch /tmp/waits; while [ ! -e /tmp/go ]; do usleep 20000; done; i=500; while [ $i -lt 9000 ]; do i=$((i+1)); echo $i; done", "--log-opt", "max-size=20k", "--log-opt", "max-file=2");
        OutputMark mark;
        await using (var feed = await _engine.OpenOutputAsync(id, null, true, Stop))
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var reading = FeedReader.Begin(feed, enough.Token);
            await Tool.DockerAsync("start", id);
            await Eventually.TrueAsync(() => reading.Count == 500, "the first lines come");
            await enough.CancelAsync();
            mark = reading.Mark(null);
        }

        await Tool.DockerAsync("exec", id, "touch", "/tmp/go");
        await Tool.DockerAsync("wait", id);
        await using (var feed = await _engine.OpenOutputAsync(id, mark, false, Stop))
        {
            var reading = FeedReader.Begin(feed, Stop);
            await reading.Ended.WaitAsync(TimeSpan.FromSeconds(60), Stop);
            var first = int.Parse(reading.Lines[0]);
            Assert.True(first > 501, $"began at {first}");
            Assert.Single(reading.Losses);
            Assert.Equal(Enumerable.Range(first, 9000 - first + 1).Select(i => i.ToString()), reading.Lines);
        }
    }

    /// <summary>Counts at some thousand lines a second.</summary>
    private static string Count(int lines) => $"i=0; while [ $i -lt {lines} ]; do i=$((i+1)); echo $i; [ $((i % 100)) = 0 ] && usleep 10000; done";

    private static IEnumerable<string> Numbers(int lines) => Enumerable.Range(1, lines).Select(i => i.ToString());

    private async Task<string> CreateAsync(string script, params string[] options)
    {
        var id = (await Tool.DockerAsync(["create", "--init", .. options, TestImages.Busybox, "sh", "-c", script])).Trim();
        _containers.Add(id);
        return id;
    }
}
