using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>A client that knows nothing but the contract.</summary>
internal sealed class DashboardApi : IDisposable
{
    private static readonly string[] Final = ["succeeded", "failed", "canceled", "superseded"];

    public DashboardApi(Uri address, string token)
    {
        // Environments answer by host name; all names lead to this machine.
        Http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpClient Http { get; }

    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await Http.GetAsync("/api/v1" + path));

    public async Task<JsonNode> PostAsync(string path, object? body = null) => await ReadAsync(await SendPostAsync(path, body));

    public async Task<(HttpStatusCode Status, JsonNode Body)> TryPostAsync(string path, object? body = null)
    {
        var response = await SendPostAsync(path, body);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? new JsonObject());
    }

    public async Task<JsonNode> DeleteAsync(string path) => await ReadAsync(await Http.DeleteAsync("/api/v1" + path));

    public async Task<(HttpStatusCode Status, JsonNode Body)> PutYamlAsync(string path, string yaml)
    {
        var response = await Http.PutAsync("/api/v1" + path, new StringContent(yaml, new MediaTypeHeaderValue("text/yaml")));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? new JsonObject());
    }

    public Task<JsonNode> EnvironmentAsync(string id) => GetAsync($"/environments/{id}");

    public async Task<JsonNode> FinishedAsync(string deployment, TimeSpan? within = null) =>
        await Eventually.GetAsync(
            async () => await GetAsync($"/deployments/{deployment}") is var d && Final.Contains(d["status"].Text()) ? d : null,
            $"deployment {deployment} ends",
            within ?? TimeSpan.FromSeconds(120));

    /// <summary>The deployment after it succeeded; its failure and log otherwise.</summary>
    public async Task<JsonNode> SucceededAsync(string deployment, TimeSpan? within = null)
    {
        var ended = await FinishedAsync(deployment, within);
        if (ended["status"].Text() == "succeeded") return ended;
        var logs = new List<string>();
        foreach (var stage in ended["stages"]!.AsArray()) logs.Add(await RawLogAsync(stage!["runId"].Text()));
        throw new InvalidOperationException($"Deployment {deployment}: {ended.ToJsonString()}\n{string.Join("\n---\n", logs)}");
    }

    public async Task<string> RunIdAsync(string deployment, string stage) =>
        await Eventually.GetAsync(
            async () => (await GetAsync($"/deployments/{deployment}"))["stages"]!.AsArray().FirstOrDefault(s => s!["stage"].Text() == stage)?["runId"].Text(),
            $"deployment {deployment} has a {stage} stage");

    public async Task<string> RawLogAsync(string run)
    {
        var response = await Http.GetAsync($"/api/v1/runs/{run}/log/raw");
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : "";
    }

    public Task LogHoldsAsync(string run, string text, TimeSpan? within = null) =>
        Eventually.TrueAsync(async () => (await RawLogAsync(run)).Contains(text, StringComparison.Ordinal), $"the log of run {run} holds '{text}'", within ?? TimeSpan.FromSeconds(60));

    /// <summary>Newest deployment of an environment made by a trigger, after those already known.</summary>
    public Task<JsonNode> NextDeploymentAsync(string environment, string trigger, ISet<string> known) =>
        Eventually.GetAsync(
            async () => (await GetAsync($"/deployments?environment={environment}"))["items"]!.AsArray()
                .FirstOrDefault(d => d!["trigger"].Text() == trigger && !known.Contains(d["id"].Text())),
            $"a {trigger} deployment of {environment} appears");

    /// <summary>GET of an environment's URL; environments are open to everybody, so without the token.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> VisitAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var response = await http.GetAsync(Loopback(url, out var host).WithHost(host));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Names below <c>localhost</c> are this machine's whatever its resolver thinks of them.</summary>
    public static Uri Loopback(string url, out string host)
    {
        var uri = new Uri(url);
        host = uri.Authority;
        return new UriBuilder(uri) { Host = "127.0.0.1" }.Uri;
    }

    public void Dispose() => Http.Dispose();

    private async Task<HttpResponseMessage> SendPostAsync(string path, object? body) =>
        await Http.PostAsync("/api/v1" + path, body is null ? null : JsonContent.Create(body));

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text) ?? new JsonObject();
    }
}
