using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class OpenApiTests(WebFixture fixture) : IClassFixture<WebFixture>
{
    [Fact]
    public async Task Document_Describes_EveryMappedRouteOfTheApi()
    {
        var paths = (await fixture.Dashboard.GetAsync("/openapi/v1.json")).GetProperty("paths");
        var mapped =
            from endpoint in fixture.Dashboard.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where path.StartsWith("/api/", StringComparison.Ordinal) || path is "/healthz" or "/readyz" or "/metrics"
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            select (path, method: method.ToLowerInvariant());
        var routes = mapped.ToList();
        Assert.True(routes.Count > 35, $"Only {routes.Count} routes were found.");
        Assert.DoesNotContain(routes, r => !paths.TryGetProperty(r.path, out var operations) || !operations.TryGetProperty(r.method, out _));
    }

    [Fact]
    public async Task Operation_OfTheApi_SaysItsSuccessItsProblemsAndHowToSignIn()
    {
        var paths = (await fixture.Dashboard.GetAsync("/openapi/v1.json")).GetProperty("paths");
        var incomplete = new List<string>();
        foreach (var path in paths.EnumerateObject().Where(p => p.Name.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var responses = operation.Value.GetProperty("responses");
                var good = responses.EnumerateObject().Where(r => r.Name[0] == '2').ToList();
                if (good.Count == 0) incomplete.Add($"{operation.Name} {path.Name} has no success");
                if (!responses.TryGetProperty("401", out var refused) || !refused.GetProperty("content").TryGetProperty("application/problem+json", out _)) incomplete.Add($"{operation.Name} {path.Name} has no 401");
                if (!operation.Value.TryGetProperty("security", out _)) incomplete.Add($"{operation.Name} {path.Name} has no security");
                if (!operation.Value.TryGetProperty("summary", out _)) incomplete.Add($"{operation.Name} {path.Name} has no summary");
            }
        }

        Assert.Empty(incomplete);
    }

    [Fact]
    public async Task Command_ThatMakesAToken_TakesNoKey_AsOthersDo()
    {
        var paths = (await fixture.Dashboard.GetAsync("/openapi/v1.json")).GetProperty("paths");
        Assert.DoesNotContain("Idempotency-Key", paths.GetProperty("/api/v1/tokens").GetProperty("post").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key", paths.GetProperty("/api/v1/applications").GetProperty("post").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OfEveryGet_HasExactlyTheFieldsOfItsSchema()
    {
        var document = await fixture.Dashboard.GetAsync("/openapi/v1.json");
        foreach (var (template, path) in ((string, string)[])
            [("/api/v1/environments/{id}", "/api/v1/environments/staging"), ("/api/v1/builds/{id}", "/api/v1/builds/11"), ("/api/v1/deployments/{id}", "/api/v1/deployments/127"), ("/api/v1/queue", "/api/v1/queue"), ("/api/v1/applications/{name}", "/api/v1/applications/shop")])
        {
            var schema = Resolve(document, document.GetProperty("paths").GetProperty(template).GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
            var described = schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order();
            var answered = (await fixture.Dashboard.GetAsync(path)).EnumerateObject().Select(p => p.Name).Order();
            Assert.Empty(answered.Except(described));
            Assert.Equal([], described.Except(answered).Except(["failure"]));
        }
    }

    [Theory]
    [InlineData("/api/v1/runs/{id}/log")]
    [InlineData("/api/v1/environments/{id}/instances/{instance}/log")]
    public async Task Questions_AboutEveryKindOfLog_SayTheirParametersAndAnswers(string log)
    {
        var paths = (await fixture.Dashboard.GetAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var (call, parameters) in ((string, string[])[])
            [("", ["from", "limit"]), ("/raw", []), ("/search", ["q", "regex", "case", "from", "limit"]), ("/filter", ["q", "regex", "case", "marks", "context", "from"]), ("/outline", ["buckets"]), ("/diff", ["against"])])
        {
            var operation = paths.GetProperty(log + call).GetProperty("get");
            var query = operation.GetProperty("parameters").EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").ToList();
            Assert.Equal(parameters, query.Select(p => p.GetProperty("name").GetString()));
            Assert.All(query, p => Assert.True(p.TryGetProperty("description", out _), $"{log}{call} {p.GetProperty("name")}"));
            Assert.Equal(log.Count(c => c == '{'), operation.GetProperty("parameters").EnumerateArray().Count(p => p.GetProperty("in").GetString() == "path"));
        }
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
}
