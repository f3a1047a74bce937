using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>A person who has the output of an environment's first service open.</summary>
internal sealed class BrowserViewer : IAsyncDisposable
{
    private const int Samples = 300;

    /// <summary>The number of the newest line of each frame in which it is another one, and when that was.</summary>
    private const string Watch = """
        () => {
          window.seen = [];
          let last = 0;
          const look = () => {
            const rows = document.querySelectorAll('.lv-row[data-line]:not(.lv-waiting)'), n = Number(rows[rows.length - 1]?.dataset.line ?? 0);
            if (n > last) { last = n; window.seen.push([n, performance.timeOrigin + performance.now()]); }
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """;

    private readonly Chromium _chromium;
    private readonly IPage _page;
    private readonly ICDPSession _session;

    private BrowserViewer(Chromium chromium, IPage page, ICDPSession session) => (_chromium, _page, _session) = (chromium, page, session);

    public static async Task<BrowserViewer> OpenAsync(DashboardProcess dashboard, string environment)
    {
        var chromium = await Chromium.LaunchAsync();
        var page = await chromium.OpenAsync();
        await Chromium.GoAsync(page, dashboard.SignInLink);
        await Chromium.GoAsync(page, $"{dashboard.Address}environments/{environment}");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Logs" }).ClickAsync();
        await Assertions.Expect(page.Locator(".lv-row[data-line]").First).ToBeVisibleAsync();
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await page.EvaluateAsync(Watch);
        return new BrowserViewer(chromium, page, session);
    }

    /// <summary>Seconds in which the main thread of the page was busy, since it was opened.</summary>
    public async Task<double> BusyAsync() =>
        (await _session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();

    /// <summary>Milliseconds from when a line was printed to when it was in a painted frame, for some hundred lines.</summary>
    public async Task<IReadOnlyList<double>> DelaysAsync(DashboardApi api, string environment)
    {
        var seen = await _page.EvaluateAsync<double[][]>("() => window.seen");
        var delays = new List<double>();
        foreach (var one in seen.Where((_, i) => i % Math.Max(1, seen.Length / Samples) == 0))
        {
            var line = JsonNode.Parse(await api.Http.GetStringAsync($"/api/v1/environments/{environment}/services/web/log?from={(long)one[0]}&limit=1"))!;
            var printed = line["t"]!.GetValue<DateTimeOffset>();
            delays.Add(one[1] - (printed - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        }

        return delays;
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();
}
