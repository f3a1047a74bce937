using System.Net;
using System.Text.Json.Nodes;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>What a newcomer does with the sample: clone, change, push, rebuild.</summary>
[Trait("Needs", "Docker")]
public sealed class SampleTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private const int Requests = 1000;

    private DashboardApi Api => fixture.Api;

    [Fact]
    public async Task Push_FromARealClone_PatchesWithoutAFailedRequestAndKeepsTheData()
    {
        var (environment, url) = await fixture.EnvironmentAsync();
        var redis = Assert.Single(await Tool.ContainersAsync(environment, "redis"));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await DashboardApi.VisitAsync(url + "/")).Status);
        var visits = await VisitsAsync(url);

        using var clone = new TemporaryFolder();
        var remote = $"http://developer:{DashboardProcess.Token}@localhost:{fixture.Dashboard.Port}/git/{SampleFixture.Application}.git";
        await Tool.GitAsync(clone.Path, "clone", "-q", remote, "visits");
        var folder = clone.File("visits");
        await File.WriteAllTextAsync(Path.Combine(folder, "web", "greeting.txt"), $"Changed {environment}\n", TestContext.Current.CancellationToken);
        await Tool.GitAsync(folder, "commit", "-q", "-a", "-m", "Greet differently");
        var commit = await Tool.GitAsync(folder, "rev-parse", "HEAD");

        using var stop = new CancellationTokenSource();
        var traffic = TrafficAsync(url, stop.Token);
        await Tool.GitAsync(folder, "push", "-q", "origin", "HEAD:main");
        var deployment = await Api.NextDeploymentAsync(environment, "push", new HashSet<string>());
        Assert.Equal(["build", "patch"], deployment["stages"]!.AsArray().Select(s => s!["stage"].Text()));
        await Api.SucceededAsync(deployment["id"].Text());
        await stop.CancelAsync();
        var (sent, failures) = await traffic;

        Assert.True(sent >= Requests, $"only {sent} requests were sent");
        Assert.Empty(failures);
        Assert.Equal(commit, (await DashboardApi.VisitAsync(url + "/commit")).Body);
        Assert.Contains($"Changed {environment}", (await DashboardApi.VisitAsync(url + "/")).Body, StringComparison.Ordinal);
        Assert.Equal(redis, Assert.Single(await Tool.ContainersAsync(environment, "redis")));
        Assert.True(await VisitsAsync(url) > visits, "the visits counted before the patch are still there");
    }

    [Fact]
    public async Task Rebuild_MakesANewBuildOfTheSameCommitAndDeployPatchesWithIt()
    {
        var (environment, _) = await fixture.EnvironmentAsync();
        var first = await Api.GetAsync($"/builds/{await BuildIdAsync(environment)}");
        var again = await Api.PostAsync($"/builds/{first["id"].Text()}/rebuild");
        Assert.NotEqual(first["id"].Text(), again["id"].Text());
        Assert.Equal(first["commit"].Text(), again["commit"].Text());
        await Eventually.TrueAsync(async () => (await Api.GetAsync($"/builds/{again["id"].Text()}"))["status"].Text() == "succeeded", "the rebuild succeeds", TimeSpan.FromSeconds(120));

        var deployment = await Api.PostAsync($"/builds/{again["id"].Text()}/deploy", new { environment });
        Assert.Contains(deployment["stages"]!.AsArray(), s => s!["stage"].Text() == "patch");
        await Api.SucceededAsync(deployment["id"].Text());
        Assert.Equal(again["id"].Text(), await BuildIdAsync(environment));
    }

    /// <summary>The newest succeeded deployment's build.</summary>
    private async Task<string> BuildIdAsync(string environment)
    {
        var newest = (await Api.GetAsync($"/deployments?environment={environment}"))["items"]!.AsArray().First(d => d!["status"].Text() == "succeeded");
        return newest!["buildId"].Text();
    }

    private static async Task<int> VisitsAsync(string url) =>
        JsonNode.Parse((await DashboardApi.VisitAsync(url + "/statistics")).Body)!["visits"]!.GetValue<int>();

    /// <summary>At least a thousand requests, four at a time, for as long as the patch takes.</summary>
    private static async Task<(int Sent, IReadOnlyList<string> Failures)> TrafficAsync(string url, CancellationToken patched)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var address = DashboardApi.Loopback(url + "/health", out var host);
        var sent = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!patched.IsCancellationRequested || Volatile.Read(ref sent) < Requests)
            {
                Interlocked.Increment(ref sent);
                try
                {
                    using var response = await http.SendAsync(address.WithHost(host), CancellationToken.None);
                    if (response.StatusCode != HttpStatusCode.OK) failures.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
                catch (HttpRequestException e)
                {
                    failures.Enqueue(e.Message);
                }
            }
        }));
        return (sent, [.. failures.Distinct()]);
    }
}
