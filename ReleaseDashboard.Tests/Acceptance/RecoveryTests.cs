using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>The process is killed with SIGKILL in each stage and started again: nothing that was accepted is lost, nothing happens twice.</summary>
[Trait("Needs", "Docker")]
public sealed class RecoveryTests : IAsyncLifetime
{
    private const string Ticks = "i=1; while [ $i -le 30 ]; do echo tick $i; i=$((i+1)); sleep 0.1; done";
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
    public async Task Build_Killed_IsBuiltAfterTheRestartAndTheEnvironmentComesUp()
    {
        using var application = await TestApplication.CreateAsync(_dashboard, build: $"RUN {Ticks}");
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var run = await Api.RunIdAsync(deployment, "build");
        await Api.LogHoldsAsync(run, "tick 5");
        var before = await Api.RawLogAsync(run);

        await _dashboard.KillAndRestartAsync();

        await Api.SucceededAsync(deployment);
        var log = await Api.RawLogAsync(run);
        Assert.StartsWith(before, log, StringComparison.Ordinal);
        Assert.Contains("tick 30", log, StringComparison.Ordinal);
        await AssertRunsOnceAsync(environment);
    }

    [Fact]
    public async Task Setup_Killed_GoesOnAndMakesNothingTwice()
    {
        using var application = await TestApplication.CreateAsync(_dashboard, TestApplication.Template(TestApplication.NewName(), web: "sleep 2;"));
        var (environment, deployment) = await application.StartEnvironmentAsync();
        await Eventually.TrueAsync(async () => (await Tool.ContainersAsync(environment, "web")).Count > 0, "the web container is made", TimeSpan.FromSeconds(60));
        var data = Assert.Single(await Tool.ContainersAsync(environment, "data"));

        await _dashboard.KillAndRestartAsync();

        await Api.SucceededAsync(deployment);
        await AssertRunsOnceAsync(environment);
        Assert.Equal(data, Assert.Single(await Tool.ContainersAsync(environment, "data")));
        Assert.Equal(1, await TestApplication.JobStartsAsync(environment));
    }

    [Fact]
    public async Task Job_Killed_IsAttachedToAndNotRunTwiceAndNoLineIsMissing()
    {
        using var application = await TestApplication.CreateAsync(_dashboard, TestApplication.Template(TestApplication.NewName(), job: Ticks));
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var run = await Api.RunIdAsync(deployment, "setup");
        await Api.LogHoldsAsync(run, "tick 5");

        await _dashboard.KillAndRestartAsync();

        await Api.SucceededAsync(deployment);
        var ticks = Regex.Matches(await Api.RawLogAsync(run), @"^tick (\d+)\r?$", RegexOptions.Multiline).Select(m => int.Parse(m.Groups[1].Value));
        Assert.Equal(Enumerable.Range(1, 30), ticks);
        Assert.Equal(1, await TestApplication.JobStartsAsync(environment));
        await AssertRunsOnceAsync(environment);
    }

    [Fact]
    public async Task Patch_Killed_GoesOnWhileTheOldVersionServes()
    {
        using var application = await TestApplication.CreateAsync(_dashboard, TestApplication.Template(TestApplication.NewName(), web: "sleep 2;"));
        var environment = await application.EnvironmentAsync();
        var old = Assert.Single(await Tool.ContainersAsync(environment, "web"));
        application.Write("www/index.html", "second page\n");
        var commit = await application.PushAsync("Second page");
        var deployment = await Api.NextDeploymentAsync(environment, "push", new HashSet<string>());
        await Eventually.TrueAsync(async () => (await Tool.ContainersAsync(environment, "web")).Count == 2, "the new web container is made beside the old one", TimeSpan.FromSeconds(60));

        await _dashboard.KillAndRestartAsync();
        var url = await UrlAsync(environment);
        Assert.Equal(HttpStatusCode.OK, (await DashboardApi.VisitAsync(url)).Status);

        await Api.SucceededAsync(deployment["id"].Text());
        Assert.Equal("second page\n", (await DashboardApi.VisitAsync(url)).Body);
        Assert.Equal(commit, (await Api.EnvironmentAsync(environment))["commit"].Text());
        Assert.NotEqual(old, Assert.Single(await Tool.ContainersAsync(environment, "web")));
        await AssertRunsOnceAsync(environment);
    }

    [Fact]
    public async Task Teardown_Killed_EndsWithNothingLeft()
    {
        // The data service ignores the request to stop, so that there is a moment to be killed in.
        var template = TestApplication.Template(TestApplication.NewName()).Replace("date +%s%N > /data/born;", "trap '' TERM; date +%s%N > /data/born;", StringComparison.Ordinal);
        using var application = await TestApplication.CreateAsync(_dashboard, template);
        var environment = await application.EnvironmentAsync();
        var deployment = await Api.DeleteAsync($"/environments/{environment}");
        await Eventually.TrueAsync(async () => (await Tool.ContainersAsync(environment)).Count < 2, "teardown has begun to remove", TimeSpan.FromSeconds(60));

        await _dashboard.KillAndRestartAsync();

        await Api.SucceededAsync(deployment["id"].Text());
        Assert.Empty(await Tool.ContainersAsync(environment));
        Assert.Empty(await Tool.DockerAsync("volume", "ls", "-q", "--filter", $"label=release.environment={environment}"));
        Assert.Equal("removed", (await Api.EnvironmentAsync(environment))["phase"].Text());
    }

    private async Task<string> UrlAsync(string environment) => (await Api.EnvironmentAsync(environment))["urls"]![0]!["url"].Text();

    private async Task AssertRunsOnceAsync(string environment)
    {
        Assert.Single(await Tool.ContainersAsync(environment, "web"));
        Assert.Single(await Tool.ContainersAsync(environment, "data"));
        JsonNode state = await Api.EnvironmentAsync(environment);
        Assert.Equal("ready", state["phase"].Text());
        Assert.Equal(HttpStatusCode.OK, (await DashboardApi.VisitAsync(await UrlAsync(environment))).Status);
    }
}
