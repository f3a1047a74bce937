using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Hubs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class InstanceLogTests : IAsyncLifetime
{
    private static readonly EnvironmentScope Scope = new("ted1", "shop", 1, 1, 1, "c0ffee");
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
    public async Task Instance_Output_IsCopiedAsItGrowsAndStaysWhenTheInstanceIsGone()
    {
        var id = await StartAsync();
        _host.Engine.Print(id, "first");
        var path = $"/api/v1/environments/ted1/instances/{id}/log";
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("first\n", StringComparison.Ordinal), "the first line is copied");
        _host.Engine.Print(id, "second");
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("first\nsecond\n", StringComparison.Ordinal), "the log grows");

        _host.Engine.Remove(id);
        _host.Engine.Away = true;
        Assert.EndsWith("first\nsecond\n", await RawAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_OutputReadAgain_HasNothingTwice()
    {
        var id = await StartAsync();
        _host.Engine.Print(id, "first");
        var path = $"/api/v1/environments/ted1/instances/{id}/log";
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("first\n", StringComparison.Ordinal), "the first line is copied");
        var before = await RawAsync(path);

        // The connection to the engine breaks and comes back: the copy starts over and leaves out what it has.
        _host.Engine.Away = true;
        _host.Engine.Away = false;
        _host.Engine.Print(id, "second");
        await Eventually.TrueAsync(async () => await RawAsync(path) == before + "second\n", "the log goes on behind what it had");
    }

    [Fact]
    public async Task Instance_OutputWithASecret_IsKeptWithoutIt()
    {
        var id = await StartAsync();
        _host.Engine.Print(id, "password is correct-horse");
        _host.Engine.Print(id, "end");
        var path = $"/api/v1/environments/ted1/instances/{id}/log";
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("end\n", StringComparison.Ordinal), "the output is copied");
        Assert.Contains("password is ", await RawAsync(path), StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", await RawAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WhoseInstanceIsReplaced_IsOneTimeline()
    {
        var old = await StartAsync();
        await Eventually.TrueAsync(async () => (await RawAsync($"/api/v1/environments/ted1/instances/{old}/log")).Length > 0, "the output is captured");
        _host.Engine.Print(old, "one");
        var replaced = await StartAsync("h2");
        var path = "/api/v1/environments/ted1/services/web/log";
        await Eventually.TrueAsync(async () => (await RawAsync($"/api/v1/environments/ted1/instances/{replaced}/log")).Length > 0, "the new output is captured");
        _host.Engine.Print(replaced, "two");
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("two\n", StringComparison.Ordinal), "the timeline grows");
        var lines = (await _http.GetStringAsync(path, LogFixture.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["started", "one", "started", "two"], lines.Select(l => l["text"]!.GetValue<string>()));
        Assert.Equal([1L, 2, 3, 4], lines.Select(l => l["n"]!.GetValue<long>()));
        Assert.Equal(2, lines.Select(l => l["task"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(1, JsonNode.Parse(await _http.GetStringAsync(path + "/search?q=one", LogFixture.Cancellation))!["total"]!.GetValue<int>());
        var outputs = _host.Services.GetRequiredService<IInstanceLogs>();
        Assert.Equal([old, replaced], outputs.List("ted1").Select(i => i.Id));
        Assert.Null(outputs.OpenService("ted1", "other"));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/v1/environments/ted1/services/other/log", LogFixture.Cancellation)).StatusCode);

        await outputs.DeleteAsync("ted1", [], LogFixture.Cancellation);
        Assert.Null(outputs.OpenService("ted1", "web"));
    }

    [Fact]
    public async Task Hub_FollowsAServiceOverItsInstances()
    {
        var old = await StartAsync();
        await Eventually.TrueAsync(() => _host.Services.GetRequiredService<IInstanceLogs>().OpenService("ted1", "web") is not null || Ask(old), "the output is captured");
        await using var hub = new HubConnectionBuilder().WithUrl(_host.Address + "/hubs/logs").Build();
        await hub.StartAsync(LogFixture.Cancellation);
        var texts = new List<string>();
        await foreach (var batch in hub.StreamAsync<LogBatchMessage>("FollowService", "ted1", "web", 1L, LogFixture.Cancellation))
        {
            texts.AddRange(batch.Lines.Select(l => l.Text));
            if (texts.Count == 1) _host.Engine.Print(old, "next");
            if (texts.Count >= 2) break;
        }

        Assert.Equal(["started", "next"], texts);

        bool Ask(string id)
        {
            _ = _http.GetAsync($"/api/v1/environments/ted1/instances/{id}/log");
            return false;
        }
    }

    [Fact]
    public async Task Instance_OutputTheEngineForgot_IsAMarkedGap()
    {
        var id = await StartAsync();
        for (var i = 0; i < 5; i++) _host.Engine.Print(id, $"line {i}");
        _host.Engine.Forget(id, 3);
        var path = $"/api/v1/environments/ted1/instances/{id}/log";
        await Eventually.TrueAsync(async () => (await RawAsync(path)).EndsWith("line 4\n", StringComparison.Ordinal), "the rest is captured");
        var lines = await _host.Store.AllAsync($"instance-ted1-{id}");
        Assert.Equal(3, LogGap.Of(lines[0].Source, lines[0].Text)?.Lines);
        Assert.Equal(["line 2", "line 3", "line 4"], lines.Skip(1).Select(l => l.Text));
    }

    [Fact]
    public async Task Delete_OutputOfAnEnvironment_LeavesTheOthersAndTheRuns()
    {
        var id = await StartAsync();
        _host.Engine.Print(id, "first");
        await Eventually.TrueAsync(async () => (await RawAsync($"/api/v1/environments/ted1/instances/{id}/log")).EndsWith("first\n", StringComparison.Ordinal), "the output is copied");
        string[] kept = ["instance-ted1-two-abc", "instance-ted12-abc", "run-1"];
        foreach (var other in kept)
        {
            await using var writer = _host.Store.OpenWriter(other, []);
            await writer.OutAsync("stays");
        }

        await _host.Services.GetRequiredService<IInstanceLogs>().DeleteAsync("ted1", ["ted1-two", "ted12"], LogFixture.Cancellation);
        Assert.Equal(0, _host.Store.State($"instance-ted1-{id}").TotalLines);
        Assert.Equal(kept.Order(), _host.Store.List("").Order());
    }

    private Task<string> RawAsync(string path) => _http.GetStringAsync(path + "/raw", LogFixture.Cancellation);

    private async Task<string> StartAsync(string hash = "h1")
    {
        await _host.Engine.EnsureSpaceAsync(Scope, LogFixture.Cancellation);
        var service = new DesiredService("web", "web:1", true, [], [], new Dictionary<string, string>(), [], null, [], [], ResourceTemplate.None, 1, 1, hash);
        await _host.Engine.ApplyServiceAsync(Scope, service, new Rollout(), LogFixture.Cancellation);
        return Assert.Single((await _host.Engine.ObserveAsync("ted1", LogFixture.Cancellation)).Instances).Id;
    }

    private sealed class Rollout : IServiceRollout
    {
        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;
        public ValueTask ProgressAsync(string detail, CancellationToken cancellationToken) => ValueTask.CompletedTask;
        public Task SwitchAsync(IReadOnlyList<ObservedInstance> ready, CancellationToken cancellationToken) => Task.CompletedTask;
        public Task DrainAsync(ObservedInstance old, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
