using System.Net.Http.Json;
using System.Text.Json;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>What questions answer for a log of which only pinned lines, or its newest, are left.</summary>
public sealed class PrunedQuestionTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Search_AsksThePinnedLinesByTheirOldNumbers()
    {
        await MakeAsync();
        var found = await _logs.SearchAsync("run-1", "needle", false, 1, 100, LogFixture.Cancellation);
        Assert.Equal([125L, 500], found.Matches.Select(m => m.Number));
        Assert.Equal((2, "line 500 needle"), (found.Total, found.Matches[1].Text));
        Assert.Equal([500L], (await _logs.SearchAsync("run-1", "needle|LINE", true, 126, 100, LogFixture.Cancellation)).Matches.Where(m => m.Number > 125).Select(m => m.Number));
    }

    [Fact]
    public async Task Filter_ShowsNoContextThatIsNotThere()
    {
        await MakeAsync();
        var found = await _logs.Questions().FilterAsync("run-1", new LineFilter(new LogQuery("needle"), [], 4), 1, LogFixture.Cancellation);
        Assert.Equal((2, 1000, null), (found.Total, found.TotalLines, found.NextFrom));
        Assert.Equal([new LineRange(121, 129), new LineRange(499, 501)], found.Ranges);
    }

    [Fact]
    public async Task Outline_HasTheWholeLengthAndWhatIsLeft()
    {
        await MakeAsync();
        var questions = _logs.Questions();
        for (var asked = 0; asked < 2; asked++)
        {
            var outline = await questions.OutlineAsync("run-1", new OutlineFrame([], 100), LogFixture.Cancellation);
            Assert.Equal((1000, true, 1, 501L), (outline.TotalLines, outline.Ended, outline.Errors, outline.FirstError));
            Assert.Equal([new LineRange(120, 140), new LineRange(499, 501)], outline.Kept!);
            Assert.Equal((24, 1000), (outline.Buckets.Sum(b => b.Lines), outline.BucketSize * outline.Buckets.Count / 1000 * 1000));
            var group = Assert.Single(outline.Groups);
            Assert.Equal(("jobs.a", 24, 120L, 501L), (group.Name, group.Lines, group.First, group.Last));
        }
    }

    [Fact]
    public async Task Compare_WithAPrunedLog_HasNoOther()
    {
        await MakeAsync();
        await using (var writer = _logs.Store.OpenWriter("run-2", [])) await writer.OutAsync("one");
        Assert.Null(await _logs.Questions().CompareAsync("run-2", "run-1", LogFixture.Cancellation));
        Assert.Empty((await _logs.Questions().CompareAsync("run-1", "run-2", LogFixture.Cancellation))!.Rows);
    }

    [Fact]
    public async Task Log_ThatGoesOnAfterItWasPruned_IsAskedWithItsPins()
    {
        await MakeAsync();
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await writer.OutAsync("needle again", "jobs.b");
        var questions = _logs.Questions();
        Assert.Equal([125L, 500, 1001], (await questions.SearchAsync("run-1", new LogQuery("needle"), 1, 100, LogFixture.Cancellation)).Matches.Select(m => m.Number));
        var outline = await questions.OutlineAsync("run-1", new OutlineFrame([], 100), LogFixture.Cancellation);
        Assert.Equal([("jobs.a", 24L), ("jobs.b", 1L)], outline.Groups.Select(g => (g.Name, g.Lines)));
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await writer.OutAsync("error: more", "jobs.b");
        outline = await questions.OutlineAsync("run-1", new OutlineFrame([], 100), LogFixture.Cancellation);
        Assert.Equal((1002, 2, 25), (outline.TotalLines, outline.Errors, outline.Buckets.Sum(b => b.Lines) - 1));
        // Only what is left whole is compared.
        await using (var writer = _logs.Store.OpenWriter("run-2", [])) await writer.OutAsync("needle again", "jobs.b");
        Assert.NotEmpty((await questions.CompareAsync("run-1", "run-2", LogFixture.Cancellation))!.Rows);
    }

    [Fact]
    public async Task Pin_OfAnOverlongLine_IsShownAsItWas()
    {
        await using (var writer = _logs.Store.OpenWriter("run-3", []))
        {
            await writer.OutAsync("short");
            await writer.OutAsync("needle " + new string('x', 300_000));
            writer.Complete();
        }
        var before = await _logs.Store.AllAsync("run-3");
        Assert.Null(await _logs.Store.PinAsync("run-3", 1, 2, LogFixture.Cancellation));
        _logs.Store.Prune("run-3", "It was old.");
        Assert.Equal(before, await _logs.Reopen().AllAsync("run-3"));
        Assert.Equal([2L], (await _logs.SearchAsync("run-3", "needle", false, 1, 10, LogFixture.Cancellation)).Matches.Select(m => m.Number));
    }

    [Fact]
    public async Task Answers_SayThatTheRestWasPruned()
    {
        await using var host = new LogHost();
        await host.InitializeAsync();
        using var http = new HttpClient { BaseAddress = new Uri(host.Address) };
        await using (var writer = host.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= 300; i++) await writer.OutAsync($"line {i}");
            writer.Complete();
        }
        await host.Store.PinAsync("run-1", 120, 121, LogFixture.Cancellation);
        host.Store.Prune("run-1", "It was old.");

        foreach (var question in new[] { "search?q=line", "filter?q=line&context=0", "outline", "raw" })
        {
            using var answer = await http.GetAsync($"/api/v1/runs/1/log/{question}", LogFixture.Cancellation);
            answer.EnsureSuccessStatusCode();
            Assert.Equal(("300", "It was old."), (answer.Headers.GetValues("X-Log-Pruned-Lines").Single(), answer.Headers.GetValues("X-Log-Pruned-Reason").Single()));
        }
        var filter = await http.GetFromJsonAsync<JsonElement>("/api/v1/runs/1/log/filter?q=line&context=0", LogFixture.Cancellation);
        Assert.Equal("{\"total\":2,\"ranges\":[[120,121]],\"totalLines\":300,\"nextFrom\":null}", filter.GetRawText());
        var outline = await http.GetFromJsonAsync<JsonElement>("/api/v1/runs/1/log/outline", LogFixture.Cancellation);
        Assert.Equal((300, "[[120,121]]"), (outline.GetProperty("totalLines").GetInt32(), outline.GetProperty("kept").GetRawText()));
    }

    /// <summary>1,000 lines, of which 120 to 140 and 499 to 501 are left.</summary>
    private async Task MakeAsync()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= 1000; i++) await writer.WriteAsync(LogSource.Out, "jobs.a", $"line {i}{(i % 125 == 0 ? " needle" : i == 501 ? " failed with error: no" : "")}", LogFixture.Cancellation);
            writer.Complete();
        }
        Assert.Null(await _logs.Store.PinAsync("run-1", 120, 140, LogFixture.Cancellation));
        Assert.Null(await _logs.Store.PinAsync("run-1", 499, 501, LogFixture.Cancellation));
        Assert.True(_logs.Store.Prune("run-1", "It was old."));
    }
}
