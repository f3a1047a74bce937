using System.Diagnostics;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

public sealed class ProcessBenchmarks
{
    private const int Instances = 20;
    private const int PastDeployments = 200;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    [Fact(Explicit = true)]
    public async Task Process_WithTwentyInstances_IsIdle()
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        var template = TestApplication.Template("idle").Replace("- name: data\n", $"- name: data\n  replicas: 1\n", StringComparison.Ordinal)
            .Replace("- name: web\n  image", $"- name: web\n  replicas: {Instances - 1}\n  image", StringComparison.Ordinal);
        using var application = await TestApplication.CreateAsync(dashboard, template);
        var environment = await application.EnvironmentAsync();
        Assert.Equal(Instances, (await Tool.ContainersAsync(environment)).Count);

        // Let what the setup stirred up settle before the clock runs, the compiler's second thoughts above all.
        await PauseAsync(TimeSpan.FromSeconds(60));
        var before = CpuSeconds(dashboard.ProcessId);
        await PauseAsync(Watched);
        var used = CpuSeconds(dashboard.ProcessId) - before;
        BenchTable.Row($"idle with {Instances} instances: processor", used / Watched.TotalSeconds * 100, "% of a core", target: "< 1 %");
        BenchTable.Row($"idle with {Instances} instances: memory", ResidentMegabytes(dashboard.ProcessId), "MB resident", target: "< 200 MB");
        await Leftovers.RemoveAsync(dashboard.Api);
    }

    [Fact(Explicit = true)]
    public async Task EnvironmentDetails_WithTwoHundredDeployments_AnswersAtOnce()
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        using var application = await TestApplication.CreateAsync(dashboard);
        var environment = await application.EnvironmentAsync();
        for (var i = 1; i < PastDeployments; i++) await dashboard.Api.SucceededAsync((await dashboard.Api.PostAsync($"/environments/{environment}/deploy"))["id"].Text());

        var times = new List<double>();
        for (var i = 0; i < 100; i++) times.Add(1000 * await ComposeProject.TimeAsync(() => dashboard.Api.EnvironmentAsync(environment)));
        BenchTable.Row($"GET environment with {PastDeployments} past deployments, median", BenchTable.Median(times), "ms", target: "< 50 ms");
        await Leftovers.RemoveAsync(dashboard.Api);
    }

    internal static async Task PauseAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    private static double CpuSeconds(int process)
    {
        using var p = Process.GetProcessById(process);
        return p.TotalProcessorTime.TotalSeconds;
    }

    private static double ResidentMegabytes(int process)
    {
        using var p = Process.GetProcessById(process);
        return p.WorkingSet64 / 1024.0 / 1024.0;
    }
}
