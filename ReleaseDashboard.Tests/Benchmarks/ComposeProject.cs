using System.Diagnostics;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>The reference: <c>docker-compose up -d --build</c> on the same repository, the way a person would do without a dashboard.</summary>
internal sealed class ComposeProject(string folder, string name, int port) : IAsyncDisposable
{
    public static string File(int port) => $$"""
        version: "3"
        services:
          web:
            build: .
            image: compose-bench-web
            init: true
            command: ["sh", "-c", "exec httpd -f -p 8080 -h /www"]
            ports: ["127.0.0.1:{{port}}:8080"]
            depends_on: [data]
          worker:
            build: {context: ., dockerfile: worker.Dockerfile}
            image: compose-bench-worker
            init: true
            depends_on: [data]
          data:
            image: {{TestImages.Busybox}}
            init: true
            command: ["sh", "-c", "while true; do sleep 1; done"]
            volumes: ["store:/data"]
        volumes:
          store: {}
        """;

    public string Url => $"http://127.0.0.1:{port}/";

    public async Task<double> UpAsync() => await TimeAsync(() => ComposeAsync("up", "-d", "--build"));

    public Task DownAsync() => ComposeAsync("down", "-v", "-t", "1");

    /// <summary>Seconds from the command until the URL answers with the text.</summary>
    public Task<double> UpUntilAsync(string text) => TimeAsync(async () =>
    {
        var up = ComposeAsync("up", "-d", "--build");
        await Page.SeenAsync(Url, text);
        await up;
    });

    public async ValueTask DisposeAsync() => await DownAsync();

    private Task<string> ComposeAsync(params string[] arguments) => Tool.RunAsync("docker-compose", ["-p", name, .. arguments], folder);

    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }
}

internal static class Page
{
    /// <summary>Asks again as soon as the answer is there, until the page holds the text. Returns how many requests failed after the first success.</summary>
    public static async Task<int> SeenAsync(string url, string text)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var address = DashboardApi.Loopback(url, out var host);
        var failed = 0;
        var answered = false;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var response = await http.SendAsync(address.WithHost(host));
                if (response.IsSuccessStatusCode)
                {
                    answered = true;
                    if ((await response.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal)) return failed;
                }
                else if (answered)
                {
                    failed++;
                }
            }
            catch (HttpRequestException)
            {
                if (answered) failed++;
            }

            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{url} never showed '{text}'");
    }
}
