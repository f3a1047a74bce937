using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>Pins, pruned logs and findings as they are seen from outside.</summary>
public sealed class LogKeepingApiTests : IAsyncLifetime
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
    public async Task Pins_OutliveTheLog()
    {
        await using (var writer = _host.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= 300; i++) await writer.OutAsync($"line {i}");
            writer.Complete();
        }
        using var pinned = await _http.PostAsJsonAsync("/api/v1/runs/1/log/pins", new { from = 120, to = 121 }, LogFixture.Cancellation);
        Assert.Equal((HttpStatusCode.Created, "{\"from\":120,\"to\":121}"), (pinned.StatusCode, await pinned.Content.ReadAsStringAsync(LogFixture.Cancellation)));
        using var whole = await _http.GetAsync("/api/v1/runs/1/log?from=120&limit=1", LogFixture.Cancellation);
        Assert.False(whole.Headers.Contains("X-Log-Pruned"));

        _host.Store.Prune("run-1", "It was old.");

        using var rest = await _http.GetAsync("/api/v1/runs/1/log", LogFixture.Cancellation);
        Assert.Equal(("300", "true", "300", "It was old."), (Header("X-Total-Lines"), Header("X-Log-Ended"), Header("X-Log-Pruned-Lines"), Header("X-Log-Pruned-Reason")));
        Assert.True(DateTimeOffset.TryParse(Header("X-Log-Pruned"), out _));
        var lines = (await rest.Content.ReadAsStringAsync(LogFixture.Cancellation)).TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("{\"n\":120,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("\"text\":\"line 121\"}", lines[1], StringComparison.Ordinal);
        Assert.Equal("", await _http.GetStringAsync("/api/v1/runs/1/log/raw", LogFixture.Cancellation));

        string Header(string name) => rest.Headers.GetValues(name).Single();
    }

    [Theory]
    [InlineData("/api/v1/runs/1/log/pins", 5, 4, 400)]
    [InlineData("/api/v1/runs/1/log/pins", 1, 1001, 400)]
    [InlineData("/api/v1/runs/1/log/pins", 1, 3, 400)]
    [InlineData("/api/v1/runs/100/log/pins", 1, 1, 404)]
    public async Task Pins_ThatCannotBe_AreAProblem(string path, long from, long to, int status)
    {
        await using (var writer = _host.Store.OpenWriter("run-1", [])) await writer.OutAsync("one\ntwo");
        using var answer = await _http.PostAsJsonAsync(path, new { from, to }, LogFixture.Cancellation);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains("\"code\":", await answer.Content.ReadAsStringAsync(LogFixture.Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs.migrate", 3, "A secret was printed by jobs.migrate (3 times, first in line 120). It was masked in the log; change the job so that it does not print it.")]
    [InlineData("images.web", 1, "A secret was printed by images.web (once, in line 120). It was masked in the log; change the Dockerfile so that it does not print it.")]
    [InlineData("", 1200, "A secret was printed in this run (1,200 times, first in line 120). It was masked in the log; change what prints it so that it does not print it.")]
    public async Task Findings_NameTheTask(string task, int times, string message)
    {
        var run = (await _host.Services.GetRequiredService<Core.Store.IRecordStore>().FindRunAsync(2, LogFixture.Cancellation))!;
        await using (var writer = _host.Store.OpenWriter("run-2", ["s3cr3t-value"]))
        {
            for (var i = 1; i < 120; i++) await writer.OutAsync("nothing", task);
            for (var i = 0; i < times; i++) await writer.OutAsync("is s3cr3t-value", task);
            Assert.Equal(message, Assert.Single(Findings.Of(run, _host.Store)).Message);
        }
        Assert.Equal(new RunFinding("secret", task, times, 120, message), Assert.Single(Findings.Of(run, LogFixture.Open(_host.DataDirectory))));
        Assert.Empty(Findings.Of(run with { Id = 3 }, _host.Store));
    }
}
