using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

/// <summary>The API over all the real rooms, with an engine that only pretends.</summary>
public sealed class RoundTripTests : IAsyncDisposable
{
    private const string Template = """
        services:
          - name: web
            image: busybox
            ports:
              - type: node_port
                port: 80
                target_port: 8080
        hostnames:
          - web: web-${env_id}.${domain}
        workflows:
          - name: setup
            parallelize:
              - step: web
                tasks: [services.web]
        """;

    private readonly DashboardFactory _dashboard = DashboardFactory.Start();
    private readonly GitSandbox _git = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Environment_FromCreationToTeardown_ThroughTheApi()
    {
        using var client = _dashboard.ApiClient();
        await CreateShopAsync();
        var created = await _dashboard.CreateEnvironmentAsync("shop", "main");
        var id = created.GetProperty("environment").GetProperty("id").GetString()!;
        Assert.Matches("^ted[0-9a-f]{4}$", id);
        await _dashboard.DeploymentEndedAsync(created.GetProperty("deployment").GetProperty("id").GetString()!);

        var environment = await _dashboard.GetAsync($"api/v1/environments/{id}");
        Assert.Equal("ready", environment.GetProperty("phase").GetString());
        Assert.False(environment.GetProperty("setupRequired").GetBoolean());
        Assert.Equal($"http://web-{id}.apps.localhost:{_dashboard.Address.Port}", environment.GetProperty("urls")[0].GetProperty("url").GetString()!.TrimEnd('/'));

        using var deleted = await client.DeleteAsync($"/api/v1/environments/{id}", Cancel);
        var teardown = await deleted.JsonAsync(HttpStatusCode.Accepted);
        await _dashboard.DeploymentEndedAsync(teardown.GetProperty("id").GetString()!);
        var runId = (await _dashboard.GetAsync($"api/v1/deployments/{teardown.GetProperty("id").GetString()}")).GetProperty("stages")[0].GetProperty("runId").GetString();
        Assert.Equal(0, (await _dashboard.GetAsync($"api/v1/runs/{runId}")).GetProperty("receipt").GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Command_RepeatedWithItsKey_IsCarriedOutOnce()
    {
        await CreateShopAsync();
        using var client = _dashboard.ApiClient();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "create-once");
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/applications/shop/environments", new { branch = "main", kind = "ephemeral" }, Cancel);
            ids.Add((await answer.JsonAsync(HttpStatusCode.Accepted)).GetProperty("environment").GetProperty("id").GetString());
        }

        Assert.Single(ids.Distinct());
        Assert.Single((await _dashboard.GetAsync("api/v1/environments")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Lists_Paged_ShowEachItemOnce()
    {
        await CreateShopAsync();
        for (var i = 0; i < 5; i++) await _dashboard.CreateEnvironmentAsync("shop", "main", "permanent", $"stage-{i}");
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _dashboard.GetAsync($"api/v1/environments?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null && seen.Count < 20);

        Assert.Equal(["stage-0", "stage-1", "stage-2", "stage-3", "stage-4"], seen.Order());
    }

    [Theory]
    [InlineData("not-a-cursor")]
    [InlineData("%00%ff")]
    [InlineData("99999999999999999999")]
    [InlineData("-4")]
    [InlineData("0")]
    public async Task Cursor_MadeUp_IsRefused(string cursor)
    {
        using var client = _dashboard.ApiClient();
        foreach (var list in (string[])["applications", "environments", "deployments", "activity"])
        {
            using var answer = await client.GetAsync($"/api/v1/{list}?cursor={cursor}", Cancel);
            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal("invalid", problem.GetProperty("code").GetString());
            Assert.StartsWith("cursor is none", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Branch_ThatDoesNotExist_IsRefused()
    {
        await CreateShopAsync();
        using var client = _dashboard.ApiClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/applications/shop/environments", new { branch = "nope" }, Cancel);
        Assert.Equal("ref_not_found", (await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stop_WithAnOpenCircuitAndStream_IsQuick()
    {
        await using var program = StartedProgram.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Release__DataDirectory"] = _git.PathOf("data"),
            ["Release__Engine"] = "fake",
            ["Release__SeedSample"] = "false",
            ["Release__Auth__BootstrapToken"] = DashboardFactory.Token,
        });
        var link = await program.SignInLinkAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {DashboardFactory.Token}");
        await socket.ConnectAsync(new UriBuilder(link) { Scheme = "ws", Path = "/hubs/logs", Query = "" }.Uri, Cancel);
        await program.TerminateAsync();
        Assert.Equal(0, await program.ExitCodeAsync(TimeSpan.FromSeconds(8)));
        Assert.DoesNotContain("Unhandled exception", program.Errors, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _dashboard.DisposeAsync();
        _git.Dispose();
    }

    private async Task CreateShopAsync()
    {
        var repository = await _git.CreateRemoteAsync("shop");
        await _dashboard.CreateApplicationAsync("shop", repository, Template);
    }
}
