using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>Containers that print as fast as they can.</summary>
[Trait("Needs", "Docker")]
[Collection("RunsAlone")]
public sealed class FloodTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_ThatFloods_IsHeldToItsLimitAndTheMemoryStays()
    {
        await using var lab = new CaptureLab(new LogOptions { MaxMegabytesPerInstance = 8 });
        var id = await lab.CreateAsync("echo begin; yes");
        await lab.ListenAsync(id, Stop);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Tool.DockerAsync("start", id);
        await lab.LinesAsync(id, 12_000_000, TimeSpan.FromSeconds(60));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await lab.RemoveAsync(id);
        Assert.True(grown < 64 << 20, $"the memory grew by {grown >> 20} MB");
        var logId = CaptureLab.LogOf(id);
        Assert.True(new DirectoryInfo(Path.GetDirectoryName(lab.File("x"))!).EnumerateFiles($"{logId}.log*").Sum(f => f.Length) < 32 << 20);
        var state = lab.Store.State(logId);
        var last = await lab.Store.ReadAsync(logId, state.TotalLines, 1, Stop);
        Assert.Contains(last.Lines, l => l.Text == "y" || l.Source == LogSource.Sys);
        Assert.DoesNotContain((await lab.Store.ReadAsync(logId, 1, 1, Stop)).Lines, l => l.Number == 1);
    }

    [Fact]
    public async Task Job_ThatFloods_IsCanceledSoon()
    {
        await TestImages.BusyboxAsync();
        using var engine = DockerLab.NewEngine();
        var scope = new EnvironmentScope($"t{Guid.NewGuid():N}"[..9], "flood", 1, Random.Shared.NextInt64(1, 1_000_000), 1, new string('c', 40));
        using var logs = new LogFixture();
        await using var writer = logs.Store.OpenWriter("run-1", []);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        try
        {
            await engine.EnsureSpaceAsync(scope, Stop);
            var running = engine.RunJobAsync(scope, Wanted.Job("flood", TestImages.Busybox, ["sh", "-c", "yes"]), "jobs.flood", 0, new ToLog(writer), cancel.Token);
            await Eventually.TrueAsync(() => writer.TotalLines > 1_000_000, "it floods");
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20), Stop));
            Assert.Empty((await engine.ObserveAsync(scope.Environment, Stop)).Jobs);
        }
        finally
        {
            await engine.RemoveEnvironmentAsync(scope.Environment, new OutputRecorder(), CancellationToken.None);
        }
    }

    private sealed class ToLog(ILogWriter writer) : IEngineOutput
    {
        public async ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => await writer.WriteAsync(source, "jobs.flood", text, cancellationToken);

        public async ValueTask WriteLinesAsync(LogSource source, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => await writer.WriteBytesAsync(source, "jobs.flood", lines, cancellationToken);
    }
}
