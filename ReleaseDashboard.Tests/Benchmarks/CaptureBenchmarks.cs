using System.Diagnostics;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Docker;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>How fast output comes into the log, and what it costs.</summary>
[Collection("RunsAlone")]
public sealed class CaptureBenchmarks
{
    private const int Lines = 1_000_000;
    private const int Width = 120;

    /// <summary>Made first, so that printing costs nothing but printing.</summary>
    private static readonly string Print = $"awk 'BEGIN {{ p = sprintf(\"%{Width - 10}s\", \"\"); gsub(/ /, \"x\", p); for (i = 1; i <= {Lines}; i++) printf(\"%08d %s\\n\", i, p) }}' > /tmp/lines; touch /tmp/ready; while [ ! -e /tmp/go ]; do usleep 10000; done; cat /tmp/lines; sleep 600";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Ingest_OfAContainersOutput_IsFasterThanDockerLogs()
    {
        List<double> own = [], masked = [], docker = [];
        for (var round = 0; round < 3; round++)
        {
            own.Add(await CaptureAsync());
            docker.Add(await DockerLogsAsync());
            masked.Add(await CaptureAsync("correct-horse-battery", "a2f5e1c09b7d4e38", "postgres://shop:hunter22@db/shop"));
        }

        BenchTable.Row("container output to file, sequence checked", BenchTable.Median(own) / 1000, "thousand lines/s", BenchTable.Median(docker) / 1000, "docker logs -f > file", ">= 1.0");
        BenchTable.Row("the same with three secrets to mask", BenchTable.Median(masked) / 1000, "thousand lines/s", BenchTable.Median(docker) / 1000, "docker logs -f > file", ">= 1.0");
    }

    [Fact(Explicit = true)]
    public async Task Viewers_FiftyAndABrowserAtTenThousandLinesASecond_KeepUp()
    {
        const int Clients = 50;
        var seconds = 60;
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        const string Counting = "(while [ ! -e /tmp/go ]; do usleep 10000; done; i=0; while true; do i=$((i+1)); echo n $i; [ $((i % 160)) = 0 ] && usleep 10000; done) & echo waits;";
        using var application = await TestApplication.CreateAsync(dashboard, TestApplication.Template(TestApplication.NewName(), web: Counting));
        var environment = await application.EnvironmentAsync();
        var container = Assert.Single(await Tool.ContainersAsync(environment, "web"));
        var viewers = Enumerable.Range(0, Clients).Select(_ => new HubViewer()).ToList();
        foreach (var viewer in viewers) await viewer.ConnectAsync(dashboard.Address, DashboardProcess.Token, Stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = viewers.Select(v => Task.Run(() => v.FollowServiceAsync(environment, "web", end.Token), Stop)).ToList();
        await Tool.DockerAsync("exec", container, "touch", "/tmp/go");
        await ProcessBenchmarks.PauseAsync(TimeSpan.FromSeconds(5));
        await using var browser = await BrowserViewer.OpenAsync(dashboard, environment);
        await ProcessBenchmarks.PauseAsync(TimeSpan.FromSeconds(5));
        var ((cpu, memory), busy) = (Use(dashboard.ProcessId), await browser.BusyAsync());
        await ProcessBenchmarks.PauseAsync(TimeSpan.FromSeconds(seconds));
        var ((cpuAfter, memoryAfter), busyAfter) = (Use(dashboard.ProcessId), await browser.BusyAsync());
        await end.CancelAsync();
        await Task.WhenAll(following);
        var delays = viewers.SelectMany(v => v.Delays).Order().ToList();
        var raw = await dashboard.Api.Http.GetAsync($"/api/v1/environments/{environment}/services/web/log?limit=1", Stop);
        var printed = long.Parse(raw.Headers.GetValues("X-Total-Lines").Single());
        BenchTable.Row("A service that printed about 10,000 lines/s for 70 s: lines/s", printed / (double)(seconds + 10), "lines/s");
        BenchTable.Row($"{Clients} hub clients: lines/s reaching the slowest, none missing or twice", viewers.Min(v => v.Lines) / (double)(seconds + 10), "lines/s");
        BenchTable.Row($"{Clients} hub clients: write to hub, 95th percentile", delays[(int)(delays.Count * 0.95)], "ms", target: "< 250 ms");
        BenchTable.Row($"{Clients} hub clients: processor of the server", (cpuAfter - cpu) / seconds, "cores", target: "< 1.5");
        BenchTable.Row($"{Clients} hub clients: memory growth of the server", memoryAfter - memory, "MB", target: "flat");
        var painted = (await browser.DelaysAsync(dashboard.Api, environment)).Order().ToList();
        BenchTable.Row($"{Clients} hub clients and a browser: write to painted, 95th percentile", painted[(int)(painted.Count * 0.95)], "ms", target: "< 250 ms");
        BenchTable.Row($"{Clients} hub clients and a browser: the browser's main thread", 100 * (busyAfter - busy) / seconds, "%", target: "< 15 %");
        foreach (var viewer in viewers) viewer.Dispose();
        await Leftovers.RemoveAsync(dashboard.Api);
    }

    [Fact(Explicit = true)]
    public async Task Service_ThatFloodsForHalfAMinute_LeavesTheDashboardResponsive()
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        const string Flooding = "(while [ ! -e /tmp/go ]; do usleep 10000; done; timeout 30 yes) &";
        using var application = await TestApplication.CreateAsync(dashboard, TestApplication.Template(TestApplication.NewName(), web: Flooding));
        var environment = await application.EnvironmentAsync();
        var container = Assert.Single(await Tool.ContainersAsync(environment, "web"));
        var (_, memory) = Use(dashboard.ProcessId);
        await Tool.DockerAsync("exec", container, "touch", "/tmp/go");
        var most = memory;
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            times.Add(1000 * await ComposeProject.TimeAsync(() => dashboard.Api.EnvironmentAsync(environment)));
            most = Math.Max(most, Use(dashboard.ProcessId).Memory);
            await ProcessBenchmarks.PauseAsync(TimeSpan.FromMilliseconds(100));
        }

        times.Sort();
        BenchTable.Row("a service that floods for 30 s: GET of its environment, 95th percentile", times[(int)(times.Count * 0.95)], "ms", target: "< 300 ms");
        BenchTable.Row("a service that floods for 30 s: memory growth", most - memory, "MB", target: "flat");
        await Leftovers.RemoveAsync(dashboard.Api);
    }

    private static async Task<double> CaptureAsync(params string[] secrets)
    {
        await using var lab = new CaptureLab(null, secrets);
        var id = await lab.CreateAsync(Print);
        await lab.ListenAsync(id, Stop);
        await ReadyAsync(id);
        var watch = Stopwatch.StartNew();
        await Tool.DockerAsync("exec", id, "touch", "/tmp/go");
        await lab.LinesAsync(id, Lines, TimeSpan.FromMinutes(3));
        var took = watch.Elapsed.TotalSeconds;
        using var raw = new StreamReader(lab.Store.OpenRaw(CaptureLab.LogOf(id))!);
        await AssertSequenceAsync(raw);
        return Lines / took;
    }

    private static async Task<double> DockerLogsAsync()
    {
        await using var lab = new CaptureLab();
        using var folder = new TemporaryFolder();
        var id = await lab.CreateAsync(Print);
        await Tool.DockerAsync("start", id);
        await ReadyAsync(id, started: true);
        var file = Path.Combine(folder.Path, "out");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec docker logs -f \"$0\" > \"$1\"", id, file]))!;
        var watch = Stopwatch.StartNew();
        await Tool.DockerAsync("exec", id, "touch", "/tmp/go");
        await Eventually.TrueAsync(() => File.Exists(file) && new FileInfo(file).Length >= (long)Lines * Width, "docker logs has written all", TimeSpan.FromMinutes(3));
        var took = watch.Elapsed.TotalSeconds;
        process.Kill();
        await process.WaitForExitAsync(Stop);
        using var raw = new StreamReader(file);
        await AssertSequenceAsync(raw);
        return Lines / took;
    }

    private static async Task ReadyAsync(string id, bool started = false)
    {
        if (!started) await Tool.DockerAsync("start", id);
        await Eventually.TrueAsync(async () => (await Tool.TryAsync("docker", ["exec", id, "test", "-e", "/tmp/ready"])).Code == 0, "the lines are made", TimeSpan.FromMinutes(2));
    }

    private static async Task AssertSequenceAsync(StreamReader raw)
    {
        for (var i = 1; i <= Lines; i++)
        {
            var line = await raw.ReadLineAsync(Stop);
            Assert.True(line is { Length: Width - 1 } && int.Parse(line.AsSpan(0, 8)) == i, $"line {i} is {line}");
        }
    }

    private static (double Cpu, double Memory) Use(int process)
    {
        using var p = Process.GetProcessById(process);
        return (p.TotalProcessorTime.TotalSeconds, p.WorkingSet64 / 1024.0 / 1024.0);
    }
}
