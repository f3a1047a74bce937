using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Browser;
using ReleaseDashboard.Tests.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>The viewer in Chromium, measured inside of the page.</summary>
public sealed class LogViewerBenchmarks
{
    /// <summary>From the frame of the viewer to its first painted rows.</summary>
    private const string WatchOpening = """
        window.opening = {};
        new MutationObserver(() => {
          const at = window.opening;
          if (at.frame === undefined && document.querySelector('.lv')) at.frame = performance.now();
          if (at.drawn === undefined && [...document.querySelectorAll('.lv-row .lv-x')].some(x => x.textContent !== '')) {
            at.drawn = performance.now();
            requestAnimationFrame(() => requestAnimationFrame(() => { at.painted = performance.now(); }));
          }
        }).observe(document, { subtree: true, childList: true });
        """;

    private const string Jump = """
        async () => {
          const log = document.querySelector('[role=log]'), times = [];
          for (const share of [0.1, 0.7, 0.33, 0.95, 0.5, 0.02, 0.8]) {
            const began = performance.now();
            log.scrollTop = share * (log.scrollHeight - log.clientHeight);
            await new Promise(done => { const look = () => performance.now() > began + 8 && !document.querySelector('.lv-waiting, .lv-behind') ? done() : requestAnimationFrame(look); requestAnimationFrame(look); });
            times.push(performance.now() - began);
          }
          return Math.max(...times);
        }
        """;

    private const string Drag = """
        async () => {
          const strip = document.querySelector('.lv-map'), box = strip.getBoundingClientRect();
          const at = (type, share) => strip.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: box.x + 5, clientY: box.y + 5 + (box.height - 10) * share }));
          strip.setPointerCapture = () => {};
          let since = null, longest = 0;
          at('pointerdown', 0);
          const began = performance.now();
          for (let share = 0; share < 1; share = (performance.now() - began) / 2000) {
            at('pointermove', Math.min(1, share));
            await new Promise(requestAnimationFrame);
            const rows = [...document.querySelectorAll('.lv-row')];
            const blank = rows.filter(r => r.classList.contains('lv-waiting')).length > rows.length / 2;
            if (blank) since ??= performance.now(); else since = null;
            if (since !== null) longest = Math.max(longest, performance.now() - since);
          }
          at('pointerup', 1);
          return longest;
        }
        """;

    private const string Search = """
        async query => {
          const field = document.querySelector('[data-lv=query]'), hits = document.querySelector('[data-lv=hits]');
          field.value = query;
          const began = performance.now();
          field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
          await new Promise(done => { const look = () => hits.textContent !== '' && document.querySelector('mark') ? done() : requestAnimationFrame(look); look(); });
          return performance.now() - began;
        }
        """;

    /// <summary>Age of a line when it is first seen in a painted frame: the line says when it was printed.</summary>
    private const string WatchAges = """
        () => {
          window.ages = [];
          let last = 0, waiting = false;
          const look = () => {
            waiting = false;
            const rows = document.querySelectorAll('.lv-row[data-line]:not(.lv-waiting)'), row = rows[rows.length - 1];
            const n = Number(row?.dataset.line ?? 0);
            const at = Number(/^(\d{13}\.?\d*) /.exec(row?.querySelector('.lv-x').textContent ?? '')?.[1]);
            if (n > last && at) { last = n; window.ages.push(performance.timeOrigin + performance.now() - at); }
          };
          // Rows change within a frame; a message comes after it was painted. A loop of frames would be most of what the page does.
          const after = new MessageChannel();
          after.port1.onmessage = look;
          new MutationObserver(() => { if (!waiting) { waiting = true; after.port2.postMessage(0); } }).observe(document.querySelector('[role=log]'), { subtree: true, childList: true, characterData: true, attributes: true });
        }
        """;

    [Theory(Explicit = true)]
    [InlineData(1_000_000)]
    [InlineData(10_000_000)]
    public async Task LongLog(int lines)
    {
        await using var host = new LogViewerHost();
        await host.InitializeAsync();
        // The longest log stays under the limit of a run's log.
        var text = new string('x', lines > 1_000_000 ? 80 : 108);
        await using (var writer = host.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= lines; i += 1000) await writer.OutAsync(string.Join('\n', Enumerable.Range(i, 1000).Select(n => $"{n} {(n == lines / 2 ? "needle" : "")} {text}")));
            writer.Complete();
        }

        var what = lines.ToString("N0", CultureInfo.InvariantCulture);
        await (await OpenAsync(host, "run=1")).DisposeAsync();
        var end = await OpenAsync(host, "run=1");
        BenchTable.Row($"{what} lines: viewer opened at the end to painted rows", await OpeningAsync(end), "ms", target: "≤ 300 ms");
        Assert.Equal(lines, await end.Log.Locator("[data-line]").Last.EvaluateAsync<long>("r => Number(r.dataset.line)"));
        BenchTable.Row($"{what} lines: jump anywhere, slowest of 7", await end.Page.EvaluateAsync<double>(Jump), "ms", target: "≤ 100 ms");
        BenchTable.Row($"{what} lines: longest blank while dragging end to end", await end.Page.EvaluateAsync<double>(Drag), "ms", target: "≤ 100 ms");
        BenchTable.Row($"{what} lines: search to the first hit painted and the whole counted", await end.Page.EvaluateAsync<double>(Search, "needle"), "ms", target: "≤ 500 ms");
        var session = await end.Page.Context.NewCDPSessionAsync(end.Page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var heap = await session.SendAsync("Runtime.getHeapUsage");
        BenchTable.Row($"{what} lines: JavaScript heap of the tab", heap!.Value.GetProperty("usedSize").GetDouble() / 1e6, "MB", target: "≤ 50 MB");
        await end.DisposeAsync();
        var link = await OpenAsync(host, $"run=1#L{lines / 3}");
        BenchTable.Row($"{what} lines: viewer opened at a permalink to painted rows", await OpeningAsync(link), "ms", target: "≤ 300 ms");
        await link.DisposeAsync();
    }

    [Theory(Explicit = true)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public async Task Live(int rate)
    {
        await using var host = new LogViewerHost();
        await host.InitializeAsync();
        await using var writer = host.Store.OpenWriter("run-1", []);
        await writer.OutAsync("first");
        await using var page = await OpenAsync(host, "run=1");
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("Performance.enable");
        await session.SendAsync("Network.enable");
        await WriteAsync(writer, rate, TimeSpan.FromSeconds(2));
        var bytes = 0L;
        session.Event("Network.webSocketFrameReceived").OnEvent += (_, e) => Interlocked.Add(ref bytes, Convert.FromBase64String(e!.Value.GetProperty("response").GetProperty("payloadData").GetString()!).Length);
        await page.Page.EvaluateAsync(WatchAges);
        var (busy, clock) = (await BusyAsync(session), Stopwatch.StartNew());
        await WriteAsync(writer, rate, TimeSpan.FromSeconds(8));
        var seconds = clock.Elapsed.TotalSeconds;
        var share = (await BusyAsync(session) - busy) / seconds;
        var ages = (await page.Page.EvaluateAsync<double[]>("window.ages")).Order().ToList();
        BenchTable.Row($"{rate} lines/s: line printed to painted, median", ages[ages.Count / 2], "ms", target: "≤ 60 ms");
        BenchTable.Row($"{rate} lines/s: line printed to painted, p95", ages[ages.Count * 95 / 100], "ms", target: "≤ 150 ms");
        BenchTable.Row($"{rate} lines/s: to the browser by the circuit, before compression", Interlocked.Read(ref bytes) / seconds / 1000, "kB/s");
        BenchTable.Row($"{rate} lines/s: the browser's main thread", share * 100, "%", target: "< 15 %");
    }

    private static async Task<double> BusyAsync(ICDPSession session) =>
        (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();

    internal static async Task WriteAsync(ILogWriter writer, int rate, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var written = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (clock.Elapsed < time && await tick.WaitForNextTickAsync())
        {
            var due = (int)(clock.Elapsed.TotalSeconds * rate) - written;
            if (due <= 0) continue;
            var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
            await writer.OutAsync(string.Join('\n', Enumerable.Range(written, due).Select(n => $"{now} request {n} answered 200 in 12 ms by instance web-1 of the shop, nothing else to say here")));
            written += due;
        }
    }

    private static Task<ViewerPage> OpenAsync(LogViewerHost host, string query) => host.OpenAsync(query, beforeLoad: p => p.AddInitScriptAsync(WatchOpening));

    private static async Task<double> OpeningAsync(ViewerPage page)
    {
        await page.Page.WaitForFunctionAsync("() => window.opening.painted");
        return await page.Page.EvaluateAsync<double>("window.opening.painted - window.opening.frame");
    }
}
