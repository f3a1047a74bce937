using System.Net;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>The rules of the four stages, seen from outside, on a real engine.</summary>
[Trait("Needs", "Docker")]
public sealed class RuleTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>
{
    private DashboardApi Api => fixture.Api;

    [Fact]
    public async Task Setup_AfterAnInstanceWasRemovedByHand_RepairsItAndTouchesNothingElse()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var data = Assert.Single(await Tool.ContainersAsync(environment, "data"));
        var web = Assert.Single(await Tool.ContainersAsync(environment, "web"));

        await Tool.DockerAsync("rm", "-f", web);
        await Eventually.TrueAsync(async () => (await Api.EnvironmentAsync(environment))["sync"].Text() == "outOfSync", "drift is shown", TimeSpan.FromSeconds(5));

        var setup = await Api.PostAsync($"/environments/{environment}/setup");
        await Api.SucceededAsync(setup["id"].Text());
        Assert.NotEqual(web, Assert.Single(await Tool.ContainersAsync(environment, "web")));
        Assert.Equal(data, Assert.Single(await Tool.ContainersAsync(environment, "data")));
        await Eventually.TrueAsync(async () => (await Api.EnvironmentAsync(environment))["sync"].Text() == "inSync", "the drift is gone");
        Assert.Equal(HttpStatusCode.OK, (await VisitAsync(environment)).Status);
    }

    [Fact]
    public async Task Patch_BeforeSetupHasSucceeded_IsRefusedByNameAndDeployRunsSetup()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, TestApplication.Template("never", job: "exit 3"));
        var (environment, first) = await application.StartEnvironmentAsync();
        Assert.Equal("failed", (await Api.FinishedAsync(first))["status"].Text());

        var (status, body) = await Api.TryPostAsync($"/environments/{environment}/deploy", new { stage = "patch" });
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("setup_required", body["code"].Text());

        var deploy = await Api.PostAsync($"/environments/{environment}/deploy");
        Assert.Contains(deploy["stages"]!.AsArray(), s => s!["stage"].Text() == "setup");
        Assert.DoesNotContain(deploy["stages"]!.AsArray(), s => s!["stage"].Text() == "patch");
        await Api.FinishedAsync(deploy["id"].Text());
    }

    [Fact]
    public async Task Plan_OfANamedBuild_IsOfThatBuild()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var older = await BuildAsync(environment);
        application.Write("www/index.html", "second page\n");
        await application.PushAsync("Second page");
        await Api.SucceededAsync((await Api.NextDeploymentAsync(environment, "push", new HashSet<string>()))["id"].Text());
        var running = await BuildAsync(environment);

        Assert.NotEqual(older, running);
        Assert.Equal("replaceService", await WebActionAsync($"&build={older}"));
        Assert.Equal("keepService", await WebActionAsync($"&build={running}"));
        Assert.Equal("keepService", await WebActionAsync(""));
        Assert.Equal(HttpStatusCode.NotFound, (await Api.Http.GetAsync($"/api/v1/environments/{environment}/plan?stage=patch&build=999999", TestContext.Current.CancellationToken)).StatusCode);

        async Task<string> WebActionAsync(string build) =>
            (await Api.GetAsync($"/environments/{environment}/plan?stage=patch{build}"))["actions"]!.AsArray().Single(a => a!["subject"].Text() == "web")!["kind"].Text();
    }

    [Fact]
    public async Task PermanentEnvironment_MadeAgainUnderItsName_BeginsAnewAndKeepsItsHistory()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        using var other = await TestApplication.CreateAsync(fixture.Dashboard);
        var name = $"stage-{application.Name}";
        var ask = new { branch = "main", kind = "permanent", name };
        var first = (await Api.PostAsync($"/applications/{application.Name}/environments", ask))["deployment"]!["id"].Text();
        await Api.SucceededAsync(first);
        Assert.Equal(HttpStatusCode.Conflict, (await Api.TryPostAsync($"/applications/{application.Name}/environments", ask)).Status);
        await Api.SucceededAsync((await Api.DeleteAsync($"/environments/{name}"))["id"].Text());

        Assert.Equal(HttpStatusCode.Conflict, (await Api.TryPostAsync($"/applications/{other.Name}/environments", ask)).Status);
        var again = (await Api.PostAsync($"/applications/{application.Name}/environments", ask))["deployment"]!["id"].Text();
        await Api.SucceededAsync(again);
        var environment = await Api.EnvironmentAsync(name);
        Assert.Equal("ready", environment["phase"].Text());
        Assert.Equal(environment["version"]!["saved"].Text(), environment["version"]!["applied"].Text());
        Assert.Equal(HttpStatusCode.OK, (await VisitAsync(name)).Status);
        var history = (await Api.GetAsync($"/deployments?environment={name}"))["items"]!.AsArray().Select(d => d!["id"].Text()).ToList();
        Assert.Equal(3, history.Count);
        Assert.Contains(first, history);
    }

    [Fact]
    public async Task Configuration_Saved_IsAppliedBySetupAndNotByPatch()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var changed = TestApplication.Template(application.Name, web: "echo applied > /www/setting;");
        Assert.Equal(HttpStatusCode.OK, (await Api.PutYamlAsync($"/environments/{environment}/configuration", WithoutKinds(changed))).Status);
        var saved = await Api.EnvironmentAsync(environment);
        Assert.True(saved["setupRequired"]!.GetValue<bool>());
        Assert.NotEqual(saved["version"]!["saved"].Text(), saved["version"]!["applied"].Text());

        application.Write("www/index.html", "second page\n");
        var known = new HashSet<string>();
        await application.PushAsync("Second page");
        await Api.SucceededAsync((await Api.NextDeploymentAsync(environment, "push", known))["id"].Text());
        Assert.Equal("second page\n", (await VisitAsync(environment)).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await VisitAsync(environment, "/setting")).Status);

        await Api.SucceededAsync((await Api.PostAsync($"/environments/{environment}/setup"))["id"].Text());
        Assert.Equal("applied\n", (await VisitAsync(environment, "/setting")).Body);
        Assert.False((await Api.EnvironmentAsync(environment))["setupRequired"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Patch_WithAServiceThatNeverBecomesReady_FailsWithEvidenceAndTheOldVersionServes()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var before = await Tool.ContainersAsync(environment, "web");

        // The probe asks for this page: without it the new version answers 404 for ever.
        File.Delete(Path.Combine(application.Folder, "www", "index.html"));
        application.Write("www/other.html", "no index\n");
        await application.PushAsync("Break the page");
        var ended = await Api.FinishedAsync((await Api.NextDeploymentAsync(environment, "push", new HashSet<string>()))["id"].Text());

        Assert.Equal("failed", ended["status"].Text());
        Assert.Contains("web", ended["failure"]!["summary"].Text(), StringComparison.Ordinal);
        Assert.Contains("404", ended["failure"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(before, await Tool.ContainersAsync(environment, "web"));
        Assert.Equal("first page\n", (await VisitAsync(environment)).Body);
    }

    [Fact]
    public async Task Pushes_TwoInTwoSeconds_NeverOverlapAndTheLastOneWins()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        application.Write("www/index.html", "second page\n");
        await application.PushAsync("Second page");
        application.Write("www/index.html", "third page\n");
        var last = await application.PushAsync("Third page");

        var deployments = await Eventually.GetAsync(
            async () =>
            {
                var all = (await Api.GetAsync($"/deployments?environment={environment}"))["items"]!.AsArray().ToList();
                return all.Count == 3 && all.All(d => d!["status"].Text() is not ("queued" or "running")) ? all : null;
            },
            "both pushes have ended",
            TimeSpan.FromSeconds(120));

        Assert.Equal(last, (await Api.EnvironmentAsync(environment))["commit"].Text());
        Assert.Equal("third page\n", (await VisitAsync(environment)).Body);
        var runs = deployments
            .SelectMany(d => d!["stages"]!.AsArray())
            .Where(s => s!["stage"].Text() is "setup" or "patch" && s["startedAt"] is not null)
            .Select(s => (Start: DateTimeOffset.Parse(s!["startedAt"].Text()), End: DateTimeOffset.Parse(s["finishedAt"].Text())))
            .OrderBy(r => r.Start)
            .ToList();
        Assert.All(runs.Zip(runs.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, "two runs changed one environment at the same time"));
    }

    [Fact]
    public async Task Environment_Deleted_LeavesNothingOnTheEngine()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var deployment = await Api.SucceededAsync((await Api.DeleteAsync($"/environments/{environment}"))["id"].Text());

        var run = await Api.GetAsync($"/runs/{deployment["stages"]!.AsArray().Last()!["runId"].Text()}");
        Assert.Equal(0, run["receipt"]!["left"]!.GetValue<int>());
        Assert.Contains(run["receipt"]!["items"]!.AsArray(), i => i!["action"].Text() == "removed" && i["kind"].Text() == "volume");
        Assert.Empty(await Tool.ContainersAsync(environment));
        Assert.Empty(await Tool.DockerAsync("network", "ls", "-q", "--filter", $"label=release.environment={environment}"));
        Assert.Empty(await Tool.DockerAsync("volume", "ls", "-q", "--filter", $"label=release.environment={environment}"));
        Assert.Equal("removed", (await Api.EnvironmentAsync(environment))["phase"].Text());
    }

    /// <summary>An environment's own configuration has no kinds to choose from.</summary>
    private static string WithoutKinds(string template) =>
        template.Replace("environment_templates:\n- name: ephemeral\n- name: permanent\n", "", StringComparison.Ordinal);

    private async Task<(HttpStatusCode Status, string Body)> VisitAsync(string environment, string path = "/")
    {
        var url = (await Api.EnvironmentAsync(environment))["urls"]![0]!["url"].Text();
        return await DashboardApi.VisitAsync(url.TrimEnd('/') + path);
    }

    private async Task<string> BuildAsync(string environment) => (await Api.GetAsync($"/deployments?environment={environment}"))["items"]![0]!["buildId"].Text();
}
