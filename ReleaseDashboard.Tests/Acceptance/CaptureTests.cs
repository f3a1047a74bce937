using System.Text.Json.Nodes;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>Output of a service of a real dashboard that is killed, and that replaces the instance.</summary>
[Trait("Needs", "Docker")]
public sealed class CaptureTests : IAsyncLifetime
{
    /// <summary>Counts at about 5,000 lines a second.</summary>
    private const string Counting = "(i=0; while true; do i=$((i+1)); echo n $i; [ $((i % 60)) = 0 ] && usleep 10000; done) &";

    private readonly TemporaryFolder _data = new();
    private DashboardProcess _dashboard = null!;

    private DashboardApi Api => _dashboard.Api;

    public async ValueTask InitializeAsync()
    {
        _dashboard = new DashboardProcess(_data.Path);
        await _dashboard.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Leftovers.RemoveAsync(Api);
        await _dashboard.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public Task Dashboard_KilledWhileAServicePrints_HasEveryLineOrSaysWhatIsMissing() => KillAsync(3);

    [Fact(Explicit = true)]
    public Task Dashboard_KilledFiftyTimesWhileAServicePrints_HasEveryLineOrSaysWhatIsMissing() => KillAsync(50);

    private async Task KillAsync(int kills)
    {
        using var application = await TestApplication.CreateAsync(_dashboard, TestApplication.Template(TestApplication.NewName(), web: Counting));
        var environment = await application.EnvironmentAsync();
        var old = await GrownAsync(environment, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var before = await TotalAsync(environment);
            await _dashboard.KillAndRestartAsync();
            Assert.True(await TotalAsync(environment) >= before, "what was said to be there is there after the kill");
            await GrownAsync(environment, before + 1000);
        }

        await AssertCompleteAsync(environment, old);

        // A patch replaces the instance; the timeline goes on with the new one.
        application.Write("www/index.html", "second page\n");
        await application.PushAsync("Second page");
        var lastTask = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var total = await TotalAsync(environment);
                lastTask = total == 0 ? "" : (await LinesAsync(environment, "services/web", total, 1))[0]["task"].Text();
                return lastTask.Length > 0 && lastTask != old;
            },
            "a new instance prints",
            TimeSpan.FromSeconds(90));
        await Eventually.TrueAsync(async () => (await Tool.ContainersAsync(environment, "web")).Count == 1, "the old instance is removed", TimeSpan.FromSeconds(60));
        await AssertCompleteAsync(environment, old);
        await AssertCompleteAsync(environment, lastTask);
        Assert.Contains("\"text\":\"n 1\"", await Api.Http.GetStringAsync($"/api/v1/environments/{environment}/instances/{old}/log?limit=1"), StringComparison.Ordinal);
    }

    /// <summary>The name of the instance that printed the last line.</summary>
    private async Task<string> GrownAsync(string environment, long beyond)
    {
        await Eventually.TrueAsync(async () => await TotalAsync(environment) > beyond, $"more than {beyond} lines are captured", TimeSpan.FromSeconds(60));
        return (await LinesAsync(environment, "services/web", await TotalAsync(environment), 1))[0]["task"].Text();
    }

    private async Task<long> TotalAsync(string environment)
    {
        using var answer = await Api.Http.GetAsync($"/api/v1/environments/{environment}/services/web/log?limit=1");
        return answer.IsSuccessStatusCode ? long.Parse(answer.Headers.GetValues("X-Total-Lines").Single()) : 0;
    }

    /// <summary>Counts from 1 without a number twice; where one is missing stands a gap that says so.</summary>
    private async Task AssertCompleteAsync(string environment, string instance)
    {
        var expected = 1L;
        string? gap = null;
        var from = 1L;
        while (true)
        {
            var lines = await LinesAsync(environment, $"instances/{instance}", from, 10_000);
            if (lines.Count == 0) break;
            from += lines.Count;
            foreach (var line in lines)
            {
                var text = line["text"].Text();
                if (line["s"].Text() == "sys")
                {
                    gap = LogGap.Of(LogSource.Sys, text) is null ? gap : text;
                    continue;
                }

                var number = long.Parse(text[2..]);
                if (gap is not null) Assert.True(number > expected, $"{number} comes after {expected - 1} and the gap '{gap}'");
                else Assert.Equal(expected, number);
                (expected, gap) = (number + 1, null);
            }
        }

        Assert.Null(gap);
        Assert.True(expected > 1000, $"{instance} printed {expected - 1} lines");
    }

    private async Task<IReadOnlyList<JsonNode>> LinesAsync(string environment, string whose, long from, int limit)
    {
        using var answer = await Api.Http.GetAsync($"/api/v1/environments/{environment}/{whose}/log?from={from}&limit={limit}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body}\nThe dashboard said:\n{_dashboard.Output[^Math.Min(_dashboard.Output.Length, 4000)..]}");
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }
}
