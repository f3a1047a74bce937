using System.Net;
using System.Net.Http.Json;
using System.Text;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class ApiTests(WebFixture fixture) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("setup", "setup", "/api/v1/deployments/128")]
    [InlineData("pause", "pause", "/api/v1/deployments/128")]
    [InlineData("resume", "resume", "/api/v1/deployments/128")]
    [InlineData("deploy", "deploy", "/api/v1/deployments/128")]
    [InlineData("extend", "extend", "/api/v1/environments/ted1bc4")]
    [InlineData("workflows/reindex", "workflow", "/api/v1/deployments/128")]
    public async Task Command_Accepted_AnswersWhereToWatchIt(string call, string command, string location)
    {
        using var client = fixture.Dashboard.ApiClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/environments/ted1bc4/{call}") { Headers = { { "Idempotency-Key", $"key-{command}" } } };
        using var answer = await client.SendAsync(request, Cancel);
        var body = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(location, answer.Headers.Location?.OriginalString);
        Assert.EndsWith(body.GetProperty("id").GetString()!, location, StringComparison.Ordinal);
        var call1 = fixture.Runs.Calls.Last(c => c.Command == command);
        Assert.Equal("owner", call1.Context.Actor.Name);
        Assert.Equal("api", call1.Context.Trigger);
        Assert.Equal($"key-{command}", call1.Context.IdempotencyKey);
    }

    [Fact]
    public async Task Environment_Read_HasTheContractsFields()
    {
        using var client = fixture.Dashboard.ApiClient();
        var environment = await (await client.GetAsync("/api/v1/environments/staging", Cancel)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("permanent", environment.GetProperty("kind").GetString());
        Assert.Equal("ready", environment.GetProperty("phase").GetString());
        Assert.Equal("outOfSync", environment.GetProperty("sync").GetString());
        Assert.Equal("v2.2", environment.GetProperty("version").GetProperty("saved").GetString());
        Assert.Equal("v2.1", environment.GetProperty("version").GetProperty("applied").GetString());
        Assert.True(environment.GetProperty("setupRequired").GetBoolean());
        var instance = environment.GetProperty("services")[0].GetProperty("instances")[0];
        foreach (var field in (string[])["id", "status", "health", "restarts"]) Assert.True(instance.TryGetProperty(field, out _), field);
        var list = await (await client.GetAsync("/api/v1/environments?limit=2", Cancel)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(
            environment.EnumerateObject().Select(p => p.Name),
            list.GetProperty("items")[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Deployment_Read_HasTheContractsFields()
    {
        using var client = fixture.Dashboard.ApiClient();
        var failed = await (await client.GetAsync("/api/v1/deployments/127", Cancel)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("127", failed.GetProperty("id").GetString());
        Assert.Equal("panic: database is locked", failed.GetProperty("failure").GetProperty("evidence").GetString());
        var stage = failed.GetProperty("stages")[1];
        Assert.Equal("patch", stage.GetProperty("stage").GetString());
        Assert.Equal("1271", stage.GetProperty("runId").GetString());
        var good = await (await client.GetAsync("/api/v1/deployments/126", Cancel)).JsonAsync(HttpStatusCode.OK);
        Assert.False(good.TryGetProperty("failure", out _));
    }

    [Fact]
    public async Task CreateEnvironment_Accepted_AnswersBoth()
    {
        using var client = fixture.Dashboard.ApiClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/applications/shop/environments", new { branch = "main", kind = "ephemeral" }, Cancel);
        var body = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("ted1bc4", body.GetProperty("environment").GetProperty("id").GetString());
        Assert.Equal("128", body.GetProperty("deployment").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("not_found", HttpStatusCode.NotFound)]
    [InlineData("invalid", HttpStatusCode.BadRequest)]
    [InlineData("setup_required", HttpStatusCode.Conflict)]
    [InlineData("disk_full", HttpStatusCode.ServiceUnavailable)]
    [InlineData("unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("engine_unavailable", HttpStatusCode.ServiceUnavailable)]
    public async Task Command_Refused_AnswersItsCode(string code, HttpStatusCode status)
    {
        fixture.Runs.Refuse = new Refusal(code, "It cannot be done, because of this.");
        try
        {
            using var client = fixture.Dashboard.ApiClient();
            using var answer = await client.PostAsync("/api/v1/environments/ted1bc4/deploy", JsonContent.Create(new { stage = "patch" }), Cancel);
            var problem = await answer.ProblemAsync(status);
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.Equal("It cannot be done, because of this.", problem.GetProperty("detail").GetString());
        }
        finally
        {
            fixture.Runs.Refuse = null;
        }
    }

    [Fact]
    public async Task Template_WithErrors_SaysWhere()
    {
        using var client = fixture.Dashboard.ApiClient();
        using var answer = await client.PutAsync("/api/v1/applications/shop/template?dryRun=true", new StringContent("services:\n\t- name: web\n", Encoding.UTF8, "text/yaml"), Cancel);
        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("template_invalid", problem.GetProperty("code").GetString());
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(2, error.GetProperty("line").GetInt32());
        Assert.Equal(1, error.GetProperty("column").GetInt32());
        Assert.Equal("services", error.GetProperty("path").GetString());
        Assert.Contains("tab", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(error.TryGetProperty("suggestion", out _));
    }

    [Fact]
    public async Task Template_SavedAndRead_IsYamlWithItsVersion()
    {
        using var client = fixture.Dashboard.ApiClient();
        using var saved = await client.PutAsync("/api/v1/applications/shop/template", new StringContent("services: []\n", Encoding.UTF8, "text/yaml"), Cancel);
        Assert.Equal("v2.1", (await saved.JsonAsync(HttpStatusCode.OK)).GetProperty("version").GetString());
        using var read = await client.GetAsync("/api/v1/applications/shop/template", Cancel);
        Assert.Equal("text/yaml", read.Content.Headers.ContentType?.MediaType);
        Assert.Equal("\"v2.0\"", read.Headers.ETag?.Tag);
        Assert.StartsWith("services:", await read.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"ref\": ", "invalid_json")]
    [InlineData("{\"ref\": 5}", "invalid_json")]
    [InlineData("{\"ref\": null}", "invalid_json")]
    [InlineData("{}", "invalid_json")]
    [InlineData("{\"ref\": \"main\", \"rref\": \"x\"}", "invalid_json")]
    [InlineData("[1,2]", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("\"\\ud800\"", "invalid_json")]
    public async Task Body_ThatIsWrong_IsRefusedWithASentence(string body, string code)
    {
        using var client = fixture.Dashboard.ApiClient();
        using var answer = await client.PostAsync("/api/v1/applications/shop/builds", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("System.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ReleaseDashboard.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        using var client = fixture.Dashboard.ApiClient();
        using var yaml = await client.PutAsync("/api/v1/applications/shop/template", new StringContent(new string('#', 3_000_000), Encoding.UTF8, "text/yaml"), Cancel);
        Assert.Equal("too_large", (await yaml.ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
        using var json = await client.PostAsync("/api/v1/applications/shop/builds", new StringContent($"{{\"ref\":\"{new string('x', 3_000_000)}\"}}", Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal("too_large", (await json.ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Body_NotUtf8_IsRefused()
    {
        using var client = fixture.Dashboard.ApiClient();
        using var content = new ByteArrayContent([0x61, 0xff, 0xfe]) { Headers = { ContentType = new("text/yaml") } };
        using var answer = await client.PutAsync("/api/v1/applications/shop/template", content, Cancel);
        Assert.Equal("invalid", (await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/v1/builds/abc", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/builds/999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/runs/-1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/deployments/99999999999999999999999", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/builds/x/rebuild", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/environments/nope", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/applications/nope", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/api/v1/applications/shop", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/environments?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/environments?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/environments/ted1bc4/plan?stage=dance", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/environments/ted1bc4/plan", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/api/v1/tokens/a%20b", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/applications/shop/builds", HttpStatusCode.UnsupportedMediaType)]
    public async Task Request_ThatCannotBeAnswered_IsAProblemWithCode(string method, string path, HttpStatusCode status)
    {
        using var client = fixture.Dashboard.ApiClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (status == HttpStatusCode.UnsupportedMediaType) request.Content = new StringContent("ref=main", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await client.SendAsync(request, Cancel);
        await answer.ProblemAsync(status);
    }

    [Fact]
    public async Task Plan_OfAStage_ListsActions()
    {
        using var client = fixture.Dashboard.ApiClient();
        var plan = await (await client.GetAsync("/api/v1/environments/ted1bc4/plan?stage=patch", Cancel)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal("patch", plan.GetProperty("stage").GetString());
        Assert.Equal("runJob", plan.GetProperty("actions")[0].GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("/api/v1/queue", "running")]
    [InlineData("/api/v1/activity", "items")]
    [InlineData("/api/v1/deployments?environment=ted1bc4", "items")]
    [InlineData("/api/v1/applications", "nextCursor")]
    [InlineData("/api/v1/applications/shop/builds", "items")]
    public async Task List_Read_HasItsShape(string path, string property)
    {
        var list = await fixture.Dashboard.GetAsync(path);
        Assert.True(list.TryGetProperty(property, out _), list.ToString());
    }

    [Fact]
    public async Task Application_Hosted_ShowsItsCloneAddressNotOurFolder()
    {
        var application = await fixture.Dashboard.GetAsync("/api/v1/applications/shop");
        Assert.Equal(new Uri(fixture.Dashboard.Address, "/git/shop.git").ToString(), application.GetProperty("repository").GetString());
    }
}
