using System.Text.RegularExpressions;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

[Trait("Needs", "Docker")]
public sealed class DockerAwayTests
{
    private const string Template = """
        services:
        - name: web
          image: release-test/busybox:1
          command: [sh, -c]
          args: ["mkdir /www; echo here > /www/index.html; exec httpd -f -p 8080 -h /www"]
          ports:
          - {type: node_port, target_port: '8080', port: '8080'}
          readiness_probe:
            http_get: {path: /index.html, port: 8080}
            period_seconds: 1
            failure_threshold: 20
        jobs:
        - name: slow
          image: release-test/busybox:1
          command: [sh, -c]
          args: ["i=1; while [ $i -le 30 ]; do echo tick $i; i=$((i+1)); sleep 0.1; done"]
        workflows:
        - name: setup
          parallelize:
          - {step: slow, tasks: [jobs.slow]}
          - {step: web, tasks: [services.web], halt_on_error: true}
        - name: patch
          parallelize:
          - {step: web, tasks: [services.web]}
        """;

    [Fact]
    public async Task Docker_StoppedDuringSetup_TheRunSaysSoWaitsAndGoesOnWhenItIsBack()
    {
        Assert.SkipWhen(PrivateDocker.WhyNot is not null, PrivateDocker.WhyNot ?? "");
        await TestImages.BusyboxAsync();
        await using var docker = new PrivateDocker();
        await docker.StartAsync();
        await docker.LoadAsync(TestImages.Busybox);
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path, new Dictionary<string, string> { ["Release__Docker__Endpoint"] = docker.Endpoint });
        await dashboard.StartAsync();
        using var application = await TestApplication.CreateAsync(dashboard, Template);
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var run = await dashboard.Api.RunIdAsync(deployment, "setup");
        await dashboard.Api.LogHoldsAsync(run, "tick 5");

        await docker.StopAsync();
        await Eventually.TrueAsync(
            async () => (await dashboard.Api.GetAsync($"/runs/{run}"))["waiting"].Text().Contains("Docker", StringComparison.Ordinal),
            "the run says that it waits for Docker",
            TimeSpan.FromSeconds(60));
        Assert.Equal("running", (await dashboard.Api.GetAsync($"/deployments/{deployment}"))["status"].Text());
        await Eventually.TrueAsync(
            async () => (await dashboard.Api.Http.GetAsync("/readyz")).StatusCode == System.Net.HttpStatusCode.ServiceUnavailable,
            "the dashboard says that it is not ready");

        await docker.StartAsync();
        await dashboard.Api.FinishedAsync(deployment);
        var ticks = Regex.Matches(await dashboard.Api.RawLogAsync(run), @"^tick (\d+)\r?$", RegexOptions.Multiline).Select(m => int.Parse(m.Groups[1].Value));
        Assert.Equal(Enumerable.Range(1, 30), ticks);
        Assert.Equal("ready", (await dashboard.Api.EnvironmentAsync(environment))["phase"].Text());
        var url = (await dashboard.Api.EnvironmentAsync(environment))["urls"]![0]!["url"].Text();
        Assert.Equal("here\n", (await DashboardApi.VisitAsync(url)).Body);
        Assert.Single((await docker.TryAsync("ps", "-aq", "--filter", "label=release.service=web")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
