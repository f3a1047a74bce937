using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>
/// A line that a container prints, until it is painted: on the dashboard's page and, from the same container, on the page of <c>frontail</c>, a plain live log. The floor is
/// what <c>docker logs -f</c> needs to give it to a program.
/// </summary>
public sealed class PaintingBenchmarks
{
    /// <summary>Prints what is written into it from outside.</summary>
    private const string Repeating = "mkfifo /tmp/in; (while true; do cat /tmp/in; done) &";

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task Line_PrintedToPainted(int rate)
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        using var application = await TestApplication.CreateAsync(dashboard, TestApplication.Template(TestApplication.NewName(), web: Repeating));
        var environment = await application.EnvironmentAsync();
        var container = Assert.Single(await Tool.ContainersAsync(environment, "web"));
        await using var chromium = await Chromium.LaunchAsync();

        var floor = await FloorAsync(container, rate);
        var page = await chromium.OpenAsync();
        await Chromium.GoAsync(page, dashboard.SignInLink);
        await Chromium.GoAsync(page, $"{dashboard.Address}environments/{environment}");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Logs" }).ClickAsync();
        var ours = await AgesAsync(page, container, rate, ".lv-row[data-line]:not(.lv-waiting) .lv-x");
        await page.CloseAsync();
        using var frontail = await Frontail.StartAsync(container, data.Path);
        var theirs = frontail is null ? null : await TheirsAsync(chromium, frontail, container, rate);

        var what = $"{rate} lines/s from a container: line printed to painted";
        BenchTable.Row($"{what}, median", At(ours, 0.5), "ms", theirs is null ? null : At(theirs, 0.5), "frontail", "≤ 60 ms, at 100 lines/s ≤ frontail");
        BenchTable.Row($"{what}, p95", At(ours, 0.95), "ms", theirs is null ? null : At(theirs, 0.95), "frontail", "≤ 150 ms");
        BenchTable.Row($"{what}: frames with a new line in a second", ours.Count / Time.TotalSeconds, "", theirs?.Count / Time.TotalSeconds, "frontail");
        BenchTable.Row($"{rate} lines/s: the floor, docker logs -f to a program, median", At(floor, 0.5), "ms");
        await Leftovers.RemoveAsync(dashboard.Api);
    }

    private static async Task<IReadOnlyList<double>> TheirsAsync(Chromium chromium, Frontail frontail, string container, int rate)
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync(frontail.Address.ToString());
        return await AgesAsync(page, container, rate, ".line .inner-line");
    }

    private static double At(IReadOnlyList<double> ages, double share) => ages.Count == 0 ? double.PositiveInfinity : ages.Order().ElementAt((int)(ages.Count * share));

    /// <summary>Ages of the newest line in each painted frame in which it is another one: the line says when it was printed.</summary>
    private static async Task<IReadOnlyList<double>> AgesAsync(IPage page, string container, int rate, string lines)
    {
        await WriteAsync(container, rate, TimeSpan.FromSeconds(2));
        await Assertions.Expect(page.Locator(lines).Last).ToContainTextAsync("request");
        await page.EvaluateAsync(
            """
            lines => {
              window.ages = [];
              let last = 0;
              const look = () => {
                const all = document.querySelectorAll(lines), at = Number(/^(\d{13}\.?\d*) /.exec(all[all.length - 1]?.textContent ?? '')?.[1]);
                if (at > last) { last = at; window.ages.push(performance.timeOrigin + performance.now() - at); }
                requestAnimationFrame(look);
              };
              requestAnimationFrame(look);
            }
            """,
            lines);
        await WriteAsync(container, rate, Time);
        return await page.EvaluateAsync<double[]>("window.ages");
    }

    private static async Task<IReadOnlyList<double>> FloorAsync(string container, int rate)
    {
        var ages = new List<double>();
        using var logs = Process.Start(new ProcessStartInfo("docker", ["logs", "-f", "--tail", "0", container]) { RedirectStandardOutput = true })!;
        var reading = Task.Run(async () =>
        {
            while (await logs.StandardOutput.ReadLineAsync(Stop) is { } line) ages.Add(Now() - double.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture));
        }, Stop);
        await WriteAsync(container, rate, Time);
        logs.Kill();
        await reading;
        return ages;
    }

    private static async Task WriteAsync(string container, int rate, TimeSpan time)
    {
        using var exec = Process.Start(new ProcessStartInfo("docker", ["exec", "-i", container, "sh", "-c", "cat > /tmp/in"]) { RedirectStandardInput = true })!;
        exec.StandardInput.AutoFlush = false;
        var clock = Stopwatch.StartNew();
        var written = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (clock.Elapsed < time && await tick.WaitForNextTickAsync(Stop))
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * rate); written < due; written++)
                await exec.StandardInput.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{Now():0.0} request {written} answered 200 in 12 ms by instance web-1 of the shop, nothing else to say here\n"));
            await exec.StandardInput.FlushAsync(Stop);
        }

        exec.StandardInput.Close();
        await exec.WaitForExitAsync(Stop);
    }

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
