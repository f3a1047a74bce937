using System.Net;
using System.Text.Json.Nodes;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>Bad input is answered at the place it entered, in a sentence, and breaks nothing.</summary>
[Trait("Needs", "Docker")]
public sealed class BadInputTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>
{
    private DashboardApi Api => fixture.Api;

    [Fact]
    public async Task Repository_ThatDoesNotExist_IsRefusedInASentence()
    {
        var (status, body) = await Api.TryPostAsync("/applications", new { name = TestApplication.NewName(), repository = "/no/such/repository.git" });
        Assert.InRange((int)status, 400, 422);
        Assert.Equal("repository_unreachable", body["code"].Text());
        Assert.Contains("/no/such/repository.git", body["detail"].Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Branch_ThatDoesNotExist_IsRefusedByName()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var (status, body) = await Api.TryPostAsync($"/applications/{application.Name}/environments", new { branch = "nowhere", kind = "ephemeral" });
        Assert.InRange((int)status, 400, 422);
        Assert.Contains("nowhere", body["detail"].Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dockerfile_Missing_FailsTheBuildNamingThePath()
    {
        var template = TestApplication.Template("x").Replace("build: {context: .}", "build: {context: ., dockerfile: docker/Web.Dockerfile}", StringComparison.Ordinal);
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, template);
        var (environment, deployment) = await application.StartEnvironmentAsync();
        var ended = await Api.FinishedAsync(deployment);
        Assert.Equal("failed", ended["status"].Text());
        Assert.Contains("docker/Web.Dockerfile", ended["failure"]!["summary"].Text(), StringComparison.Ordinal);
        Assert.Empty(await Tool.ContainersAsync(environment));
    }

    [Fact]
    public async Task Dockerfile_WithAFailingStep_LeavesTheRunningEnvironmentUntouched()
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard);
        var environment = await application.EnvironmentAsync();
        var before = await Tool.ContainersAsync(environment);
        application.Write("Dockerfile", $"FROM {TestImages.Busybox}\nRUN echo the reason is here >&2; exit 7\n");
        await application.PushAsync("Break the build");
        var ended = await Api.FinishedAsync((await Api.NextDeploymentAsync(environment, "push", new HashSet<string>()))["id"].Text());
        Assert.Equal("failed", ended["status"].Text());
        Assert.Contains("7", ended["failure"]!["summary"].Text(), StringComparison.Ordinal);
        Assert.Contains("the reason is here", ended["failure"]!["evidence"].Text(), StringComparison.Ordinal);
        Assert.Equal(before, await Tool.ContainersAsync(environment));
        Assert.Equal("ready", (await Api.EnvironmentAsync(environment))["phase"].Text());
    }

    [Theory]
    [InlineData("services:\n- name: web\n\timage: a\n", 3, "tab")]
    [InlineData("servicez:\n- name: web\n  image: a\n", 1, "services")]
    public async Task Template_WithATabOrAnUnknownKey_IsRefusedAtItsLine(string template, int line, string word)
    {
        var (status, body) = await Api.TryPostAsync("/applications", new { name = TestApplication.NewName(), template });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        var error = body["errors"]!.AsArray().First()!;
        Assert.Equal(line, error["line"]!.GetValue<int>());
        Assert.Contains(word, error.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Image_ThatCannotBePulled_FailsWithItsName()
    {
        var ended = await DeployAsync("""
            services:
            - name: web
              image: localhost:9/no/such-image:1
            """);
        Assert.Contains("localhost:9/no/such-image:1", ended["failure"]!["summary"].Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WithHostileOutput_KeepsEveryLineAndBreaksNothing()
    {
        var ended = await DeployAsync($$"""
            services:
            - {name: idle, image: "{{TestImages.Busybox}}", command: [sh, -c], args: ["while true; do sleep 1; done"]}
            jobs:
            - name: hostile
              image: {{TestImages.Busybox}}
              command: [sh, -c]
              args: ["printf '<script>alert(1)</script>\\n'; printf 'bad \\377\\376 bytes\\n'; head -c 10485760 /dev/zero | tr '\\0' x; echo; echo the end"]
            workflows:
            - name: setup
              parallelize:
              - {step: job, tasks: [jobs.hostile], halt_on_error: true}
              - {step: idle, tasks: [services.idle]}
            """, "succeeded");
        var run = ended["stages"]!.AsArray().Last()!["runId"].Text();
        var log = await Api.RawLogAsync(run);
        Assert.Contains("<script>alert(1)</script>", log, StringComparison.Ordinal);
        Assert.Contains("bad ", log, StringComparison.Ordinal);
        Assert.Contains("the end", log, StringComparison.Ordinal);
        Assert.True(log.Length > 10_485_760, "the raw log keeps the whole line");
        var shown = await Api.Http.GetStringAsync($"/api/v1/runs/{run}/log?from=1&limit=1000", TestContext.Current.CancellationToken);
        Assert.All(shown.Split('\n'), l => Assert.True(l.Length < 100_000, "a line is cut at 64 KiB where it is shown"));
    }

    private async Task<JsonNode> DeployAsync(string template, string expected = "failed")
    {
        using var application = await TestApplication.CreateAsync(fixture.Dashboard, template);
        var (_, deployment) = await application.StartEnvironmentAsync();
        var ended = await Api.FinishedAsync(deployment);
        Assert.True(expected == ended["status"].Text(), ended.ToJsonString());
        return ended;
    }
}
