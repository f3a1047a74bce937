using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed partial class SignInTests(WebFixture fixture) : IClassFixture<WebFixture>
{
    /// <summary>Everything a stranger may see.</summary>
    private static readonly string[] Open = ["/healthz", "/readyz", "/metrics", "/login", "/error"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryMappedEndpoint_WithoutSignIn_IsRefused()
    {
        using var visitor = fixture.Dashboard.Visitor();
        var open = new List<string>();
        var asked = 0;
        foreach (var endpoint in fixture.Dashboard.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText ?? "", "7").TrimStart('/');
            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null || Open.Contains(path)) continue;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await visitor.SendAsync(request, Cancel);
                asked++;
                var refused = answer.StatusCode == HttpStatusCode.Unauthorized
                    || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location?.AbsolutePath == "/login");
                if (!refused) open.Add($"{method} {path} answered {(int)answer.StatusCode}");
            }
        }

        Assert.True(asked > 40, $"Only {asked} endpoints were found.");
        Assert.Empty(open);
    }

    [Theory]
    [InlineData("/api/v1/environments")]
    [InlineData("/api/v1/there/is/none")]
    [InlineData("/openapi/v1.json")]
    public async Task Api_WithoutSignIn_AnswersProblemDetails(string path)
    {
        using var visitor = fixture.Dashboard.Visitor();
        using var answer = await visitor.GetAsync(path, Cancel);
        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("unauthorized", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Api_WrongToken_IsRefusedEvenWithACookie()
    {
        using var client = await fixture.Dashboard.SignedInClientAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "not-the-token-of-anybody");
        using var answer = await client.GetAsync("/api/v1/environments", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/environments")]
    [InlineData("/openapi/v1.json")]
    public async Task Api_WithTokenOrCookie_Answers(string path)
    {
        using var program = fixture.Dashboard.ApiClient();
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(path, Cancel)).StatusCode);
        using var browser = await fixture.Dashboard.SignedInClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Link_WithToken_SetsACookieAndLeaksNoReferrer()
    {
        using var visitor = fixture.Dashboard.Visitor();
        using var answer = await visitor.GetAsync(fixture.Dashboard.SignInLink("/queue"), Cancel);
        Assert.Equal("/queue", answer.Headers.Location?.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Link_ReturnUrlOfAnotherSite_LeadsHome(string returnUrl)
    {
        using var visitor = fixture.Dashboard.Visitor();
        using var answer = await visitor.GetAsync(fixture.Dashboard.SignInLink(returnUrl), Cancel);
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Form_WithAntiforgery_SignsInAndOut()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = fixture.Dashboard.Address };
        var page = await browser.GetStringAsync("/login?returnUrl=%2Fqueue", Cancel);
        var form = new Dictionary<string, string> { ["token"] = DashboardFactory.Token, ["returnUrl"] = "/queue", ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value };

        using var wrong = await browser.PostAsync("/login", new FormUrlEncodedContent(new Dictionary<string, string>(form) { ["token"] = "wrong" }), Cancel);
        Assert.Equal("/login?error=invalid&returnUrl=%2Fqueue", wrong.Headers.Location?.OriginalString);
        using var unprotected = await browser.PostAsync("/login", new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = DashboardFactory.Token }), Cancel);
        Assert.Equal("/login?error=expired", unprotected.Headers.Location?.OriginalString);
        using var right = await browser.PostAsync("/login", new FormUrlEncodedContent(form), Cancel);
        Assert.Equal("/queue", right.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/queue", Cancel)).StatusCode);

        using var signedOut = await browser.PostAsync("/logout", null, Cancel);
        Assert.Equal("/login", signedOut.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/queue", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://web.apps.localhost", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Accepted)]
    public async Task Cookie_RequestOfAnotherSite_ChangesNothing(string header, string value, HttpStatusCode expected)
    {
        using var browser = await fixture.Dashboard.SignedInClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/environments/ted1bc4/setup");
        request.Headers.Add(header, value);
        using var answer = await browser.SendAsync(request, Cancel);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Circuit_NegotiationFromAnotherOrigin_IsRefused()
    {
        using var browser = await fixture.Dashboard.SignedInClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "http://web.apps.localhost");
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request, Cancel)).StatusCode);
        using var own = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        own.Headers.Add("Origin", fixture.Dashboard.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(own, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Token_MadeAndRevoked_WorksInBetween()
    {
        using var owner = fixture.Dashboard.ApiClient();
        var made = await fixture.Dashboard.PostAsync("/api/v1/tokens", new { name = "laptop" }, HttpStatusCode.Created);
        using var program = fixture.Dashboard.ApiClient(made.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/queue", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync("/api/v1/tokens/laptop", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/queue", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Tokens_Listed_HaveNoSecretAndKnowTheirUse_UntilRevoked()
    {
        using var owner = fixture.Dashboard.ApiClient();
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var secret = (await fixture.Dashboard.PostAsync("/api/v1/tokens", new { name = "ci-list" }, HttpStatusCode.Created)).GetProperty("token").GetString()!;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await RowAsync())!.Value.GetProperty("lastUsedAt").ValueKind);

        using var program = fixture.Dashboard.ApiClient(secret);
        using var used = await program.GetAsync("/api/v1/queue", Cancel);
        var row = (await RowAsync())!.Value;
        Assert.Equal(["createdAt", "expiresAt", "lastUsedAt", "name"], row.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.InRange(row.GetProperty("createdAt").GetDateTimeOffset(), before, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.InRange(row.GetProperty("lastUsedAt").GetDateTimeOffset(), before, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, row.GetProperty("expiresAt").ValueKind);

        using var revoked = await owner.DeleteAsync("/api/v1/tokens/ci-list", Cancel);
        Assert.Null(await RowAsync());

        async Task<System.Text.Json.JsonElement?> RowAsync()
        {
            using var answer = await owner.GetAsync("/api/v1/tokens", Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            var rows = (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Where(r => r.GetProperty("name").GetString() == "ci-list").ToList();
            return rows.Count == 0 ? null : Assert.Single(rows);
        }
    }

    [Fact]
    public async Task Git_WithoutPassword_AsksForBasic()
    {
        using var visitor = fixture.Dashboard.Visitor();
        using var answer = await visitor.GetAsync("/git/shop.git/info/refs?service=git-upload-pack", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);

        visitor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{DashboardFactory.Token}")));
        using var signedIn = await visitor.GetAsync("/git/shop.git/info/refs?service=git-upload-pack", Cancel);
        Assert.NotEqual(HttpStatusCode.Unauthorized, signedIn.StatusCode);
    }

    [Fact]
    public async Task Page_SecurityHeaders_AllowOnlyOwnScripts()
    {
        using var visitor = fixture.Dashboard.Visitor();
        using var answer = await visitor.GetAsync("/login", Cancel);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
