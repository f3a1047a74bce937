using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>A container that Docker starts again and again, and whose output it does not keep.</summary>
[Trait("Needs", "Docker")]
public sealed class CrashLoopTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CrashLoop_WithoutALogOfDockers_IsOneGapForTheSeries()
    {
        await using var lab = new CaptureLab();
        var id = await lab.CreateAsync("echo begin; usleep 200000; exit 1", "--restart", "always", "--log-driver", "none");
        await lab.ListenAsync(id, Stop);
        await Tool.DockerAsync("start", id);
        await Eventually.TrueAsync(async () => int.Parse(await Tool.DockerAsync("inspect", "-f", "{{.RestartCount}}", id)) >= 5, "it is started again and again", TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(async () => (await GapsAsync()).Count > 0, "a gap is said");
        Assert.Single(await GapsAsync());

        async Task<List<LogGap>> GapsAsync()
        {
            var lines = await lab.Store.ReadAsync(CaptureLab.LogOf(id), 1, 1000, Stop);
            return [.. lines.Lines.Select(l => LogGap.Of(l.Source, l.Text)).OfType<LogGap>()];
        }
    }
}
