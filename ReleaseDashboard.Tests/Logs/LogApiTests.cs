using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class LogApiTests : IAsyncLifetime
{
    private readonly LogHost _host = new();
    private readonly HttpClient _http = new();

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _http.BaseAddress = new Uri(_host.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Log_Page_IsNdjsonAsTheContractWritesIt()
    {
        await using var writer = _host.Store.OpenWriter("run-1", []);
        await writer.WriteAsync(LogSource.Err, "services.web", "é <b>", LogFixture.Cancellation, new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)));
        for (var i = 2; i <= 2500; i++) await writer.OutAsync($"line {i}");

        using var answer = await _http.GetAsync("/api/v1/runs/1/log?from=1&limit=2200", LogFixture.Cancellation);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("2500", answer.Headers.GetValues("X-Total-Lines").Single());
        var lines = (await answer.Content.ReadAsStringAsync(LogFixture.Cancellation)).TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(2200, lines.Length);
        Assert.Equal(["n", "t", "s", "task", "text"], lines[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal((1L, "2026-03-04T03:06:07Z", "err", "services.web", "é <b>"), (lines[0].GetProperty("n").GetInt64(), lines[0].GetProperty("t").GetString(), lines[0].GetProperty("s").GetString(), lines[0].GetProperty("task").GetString(), lines[0].GetProperty("text").GetString()));
        Assert.Equal("line 2200", lines[^1].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("/api/v1/runs/1/log?from=0", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log?from=x", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log?limit=0", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log?limit=10001", 400, "invalid")]
    [InlineData("/api/v1/runs/100/log", 404, "not_found")]
    [InlineData("/api/v1/runs/abc/log/raw", 404, "not_found")]
    [InlineData("/api/v1/runs/abc/log/raw.gz", 404, "not_found")]
    [InlineData("/api/v1/runs/1/log/search", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/search?q=", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/search?q=(&regex=true", 400, "invalid_query")]
    [InlineData("/api/v1/runs/1/log/search?q=a&case=upper", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/filter", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/filter?marks=fatal", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/filter?q=a&context=-1", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/filter?q=[&regex=true", 400, "invalid_query")]
    [InlineData("/api/v1/runs/1/log/filter?q=(?=a)&regex=true", 400, "invalid_query")]
    [InlineData("/api/v1/runs/1/log/outline?buckets=0", 400, "invalid")]
    [InlineData("/api/v1/runs/100/log/outline", 404, "not_found")]
    [InlineData("/api/v1/runs/1/log/diff?against=red", 400, "invalid")]
    [InlineData("/api/v1/runs/1/log/diff?against=100", 404, "not_found")]
    [InlineData("/api/v1/environments/ted1/instances/none/log", 404, "not_found")]
    [InlineData("/api/v1/environments/ted1/instances/none/log/filter?q=a", 404, "not_found")]
    [InlineData("/api/v1/environments/..%2F..%2Fx/instances/none/log", 404, "not_found")]
    public async Task Log_BadRequest_IsAProblemWithACode(string path, int status, string code)
    {
        using var answer = await _http.GetAsync(path, LogFixture.Cancellation);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(LogFixture.Cancellation)).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Log_OfARunThatHasPrintedNothing_IsEmpty()
    {
        using var answer = await _http.GetAsync("/api/v1/runs/2/log", LogFixture.Cancellation);
        Assert.Equal(("0", "", HttpStatusCode.OK), (answer.Headers.GetValues("X-Total-Lines").Single(), await answer.Content.ReadAsStringAsync(LogFixture.Cancellation), answer.StatusCode));
        Assert.Equal("", await _http.GetStringAsync("/api/v1/runs/2/log/raw", LogFixture.Cancellation));
    }

    [Fact]
    public async Task Raw_Range_IsThatPartOfTheText()
    {
        await using var writer = _host.Store.OpenWriter("run-3", []);
        await writer.OutAsync("0123456789\nabc");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs/3/log/raw") { Headers = { Range = new RangeHeaderValue(8, 12) } };
        using var answer = await _http.SendAsync(request, LogFixture.Cancellation);
        Assert.Equal((HttpStatusCode.PartialContent, "89\nab"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(LogFixture.Cancellation)));
        Assert.Equal("0123456789\nabc\n", await _http.GetStringAsync("/api/v1/runs/3/log/raw", LogFixture.Cancellation));
    }

    [Fact]
    public async Task Search_AnswersMatches()
    {
        await using var writer = _host.Store.OpenWriter("run-4", []);
        await writer.OutAsync("a\nthe needle\nneedle and needle");
        var found = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/runs/4/log/search?q=needle&limit=1", LogFixture.Cancellation)).RootElement;
        Assert.Equal("{\"matches\":[{\"n\":2,\"column\":4,\"length\":6,\"text\":\"the needle\"}],\"total\":3,\"nextFrom\":3}", found.GetRawText());
    }

    [Fact]
    public async Task Lines_OfErrorsAndWarnings_AreMarked()
    {
        await using var writer = _host.Store.OpenWriter("run-9", []);
        await writer.OutAsync("fine\nerror: broken\nwarning: soon broken");
        var lines = (await _http.GetStringAsync("/api/v1/runs/9/log", LogFixture.Cancellation)).TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement);
        Assert.Equal([null, "error", "warning"], lines.Select(l => l.TryGetProperty("m", out var mark) ? mark.GetString() : null));
    }

    [Fact]
    public async Task Filter_AnswersRanges()
    {
        await using var writer = _host.Store.OpenWriter("run-10", []);
        await writer.OutAsync("a\nb\nneedle\nc\nd\ne\nf\nNeedle error: x\ng");
        Assert.Equal("{\"total\":2,\"ranges\":[[2,4],[7,9]],\"totalLines\":9,\"nextFrom\":null}", await _http.GetStringAsync("/api/v1/runs/10/log/filter?q=needle&context=1", LogFixture.Cancellation));
        Assert.Equal("{\"total\":1,\"ranges\":[[8,8]],\"totalLines\":9,\"nextFrom\":null}", await _http.GetStringAsync("/api/v1/runs/10/log/filter?q=needle&marks=error,warning&context=0", LogFixture.Cancellation));
        Assert.Equal("{\"total\":1,\"ranges\":[[3,3]],\"totalLines\":9,\"nextFrom\":null}", await _http.GetStringAsync("/api/v1/runs/10/log/filter?q=needle&case=match&context=0", LogFixture.Cancellation));
    }

    [Fact]
    public async Task Outline_AnswersGroupsAndBuckets()
    {
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        _host.History.Steps.Add(new RunStep("deploy", RunStatus.Running, [new RunTask("services.web", RunStatus.Running, at, null, 2, 3, null)]));
        await using var writer = _host.Store.OpenWriter("run-11", []);
        await writer.OutAsync("plan");
        await writer.OutAsync("error: x\nwarning: y", "services.web");
        Assert.Equal(
            """
            {"totalLines":3,"ended":false,"errors":1,"warnings":1,"firstError":2,"bucketSize":2,"buckets":[[2,1,0,12],[1,0,1,10]],"groups":[
            {"key":"step:1","parent":null,"name":"deploy","kind":"step","status":"running","startedAt":"2026-03-04T05:06:07+00:00","finishedAt":null,"lines":2,"errors":1,"warnings":1,"first":2,"last":3,"ranges":[[2,3]]},
            {"key":"services.web","parent":"step:1","name":"services.web","kind":"task","status":"running","startedAt":"2026-03-04T05:06:07+00:00","finishedAt":null,"lines":2,"errors":1,"warnings":1,"first":2,"last":3,"ranges":[[2,3]]}]}
            """.ReplaceLineEndings(""),
            await _http.GetStringAsync("/api/v1/runs/11/log/outline?buckets=2", LogFixture.Cancellation));
    }

    [Fact]
    public async Task Diff_AnswersRowsAgainstTheLastGreenRun()
    {
        Assert.Equal("{\"against\":null,\"rows\":[],\"truncated\":false}", await _http.GetStringAsync("/api/v1/runs/13/log/diff", LogFixture.Cancellation));
        await using var green = _host.Store.OpenWriter("run-12", []);
        await green.OutAsync("a\nb\nc");
        await using var writer = _host.Store.OpenWriter("run-13", []);
        await writer.OutAsync("a\nx\nc");
        _host.History.Green = _host.Records.Run(12) with { Commit = "abc" };
        var expected = "{\"against\":{\"runId\":\"12\",\"commit\":\"abc\",\"finishedAt\":null},\"rows\":[{\"kind\":\"same\",\"left\":[1,1],\"right\":[1,1]},{\"kind\":\"removed\",\"left\":[2,2],\"right\":null},{\"kind\":\"added\",\"left\":null,\"right\":[2,2]},{\"kind\":\"same\",\"left\":[3,3],\"right\":[3,3]}],\"truncated\":false}";
        Assert.Equal(expected, await _http.GetStringAsync("/api/v1/runs/13/log/diff", LogFixture.Cancellation));
        Assert.Equal(expected.Replace("\"abc\"", "null", StringComparison.Ordinal), await _http.GetStringAsync("/api/v1/runs/13/log/diff?against=12", LogFixture.Cancellation));
    }

    [Fact]
    public async Task Hub_JoinedLate_ContinuesWithoutGapToTheEnd()
    {
        var writer = _host.Store.OpenWriter("run-5", []);
        for (var i = 1; i <= 1500; i++) await writer.OutAsync($"line {i}");
        await using var hub = await ConnectAsync();
        var seen = new List<long>();
        var ended = false;
        await foreach (var batch in hub.StreamAsync<JsonElement>("Follow", "5", 1001L, LogFixture.Cancellation))
        {
            Assert.Equal(1001 + seen.Count, batch.GetProperty("firstLine").GetInt64());
            seen.AddRange(batch.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("n").GetInt64()));
            ended = batch.GetProperty("ended").GetBoolean();
            if (seen.Count == 500)
            {
                await writer.OutAsync("last");
                writer.Complete();
            }
        }
        await writer.DisposeAsync();
        Assert.True(ended);
        Assert.Equal(Enumerable.Range(1001, 501).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Hub_RunCanceledWhileItWaited_EndsAtOnce()
    {
        _host.Records.Status = RunStatus.Canceled;
        await using var hub = await ConnectAsync();
        var batches = new List<JsonElement>();
        await foreach (var batch in hub.StreamAsync<JsonElement>("Follow", "6", 1L, LogFixture.Cancellation)) batches.Add(batch);
        Assert.True(Assert.Single(batches).GetProperty("ended").GetBoolean());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2500)]
    public async Task Hub_RunEndsWithoutEndingItsLog_GivesTheRestAndEnds(int lines)
    {
        await using var writer = lines == 0 ? null : _host.Store.OpenWriter("run-7", []);
        if (writer is not null) await writer.OutAsync("first");
        await using var hub = await ConnectAsync();
        var batches = new List<JsonElement>();
        var following = ReadAsync();
        await Eventually.TrueAsync(() => _host.Feed.Subscriptions == 1, "the hub waits for the run");
        for (var i = 2; i <= lines; i++) await writer!.OutAsync($"line {i}");
        _host.Records.Status = RunStatus.Canceled;
        _host.Feed.Publish(ChangeKeys.Run(7));
        await following.WaitAsync(TimeSpan.FromSeconds(8), LogFixture.Cancellation);
        Assert.Equal(Enumerable.Range(1, lines), batches.SelectMany(b => b.GetProperty("lines").EnumerateArray()).Select(l => l.GetProperty("n").GetInt32()));
        Assert.True(batches[^1].GetProperty("ended").GetBoolean());
        Assert.Equal(0, _host.Feed.Subscriptions);

        async Task ReadAsync()
        {
            await foreach (var batch in hub.StreamAsync<JsonElement>("Follow", "7", 1L, LogFixture.Cancellation)) batches.Add(batch);
        }
    }

    [Fact]
    public async Task Viewer_RunThatNeverStarts_IsToldThatItIsOver()
    {
        var states = new List<LogState>();
        var watching = WatchAsync();
        await Eventually.TrueAsync(() => states.Count == 1, "the viewer waits for the run");
        _host.Records.Status = RunStatus.Canceled;
        _host.Feed.Publish(ChangeKeys.Run(8));
        await watching.WaitAsync(TimeSpan.FromSeconds(8), LogFixture.Cancellation);
        Assert.Equal([new LogState(0, false), new LogState(0, true)], states);

        async Task WatchAsync()
        {
            await foreach (var state in _host.Services.GetRequiredService<IRunLogs>().WatchAsync(8, LogFixture.Cancellation)) states.Add(state);
        }
    }

    [Fact]
    public async Task Hub_UnknownRun_SaysSo()
    {
        await using var hub = await ConnectAsync();
        var error = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var batch in hub.StreamAsync<JsonElement>("Follow", "999", 1L, LogFixture.Cancellation)) Assert.Fail("A batch for no run.");
        });
        Assert.Contains("There is no run 999.", error.Message, StringComparison.Ordinal);
    }

    private async Task<HubConnection> ConnectAsync()
    {
        var hub = new HubConnectionBuilder().WithUrl($"{_host.Address}/hubs/logs").Build();
        await hub.StartAsync(LogFixture.Cancellation);
        return hub;
    }
}
