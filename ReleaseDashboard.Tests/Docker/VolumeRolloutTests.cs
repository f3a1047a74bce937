using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>A service with a volume is stopped before its new version starts: whatever happens in between, a version runs afterwards.</summary>
[Trait("Needs", "Docker")]
public sealed class VolumeRolloutTests : IAsyncLifetime
{
    private readonly DockerEngine _engine = DockerLab.NewEngine();
    private readonly DockerContainers _containers = new(DockerLab.Connection);
    private readonly EnvironmentScope _scope = new($"t{Guid.NewGuid():N}"[..9], "engine", 7, 1, 1, new string('c', 40));
    private static readonly DesiredService Old = Service("v1", "httpd");
    private static readonly DesiredService NeverReady = Service("v2", "true");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await TestImages.BusyboxAsync();
        await _engine.EnsureSpaceAsync(_scope, Stop);
        await _engine.EnsureVolumeAsync(_scope, new DesiredVolume("data", null), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.RemoveEnvironmentAsync(_scope.Environment, new OutputRecorder(), CancellationToken.None);
        _engine.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_AfterACrashThatLeftTheOldOneStopped_StartsItAgainWhenTheNewOneFails(bool newOneRan)
    {
        var before = await ServingAsync();
        await Tool.DockerAsync("stop", before.Id);
        if (newOneRan)
        {
            var id = await _containers.CreateAsync(DockerSpec.Instance(_scope, NeverReady, 1, false), Stop);
            await _containers.StartAsync(id, "db", Stop);
        }

        var result = await _engine.ApplyServiceAsync(_scope, NeverReady, new RolloutRecorder { ServedHash = Old.Hash }, Stop);
        Assert.False(result.Ready);
        await OldRunsAsync(before);
    }

    [Fact]
    public async Task Apply_AnotherVersionAfterTheCrash_BringsBackTheOneThatServed()
    {
        var before = await ServingAsync();
        await Tool.DockerAsync("stop", before.Id);
        var left = await _containers.CreateAsync(DockerSpec.Instance(_scope, Service("v3", "sleep"), 1, false), Stop);
        await _containers.StartAsync(left, "db", Stop);
        var result = await _engine.ApplyServiceAsync(_scope, NeverReady, new RolloutRecorder { ServedHash = Old.Hash }, Stop);
        Assert.False(result.Ready);
        var instances = (await _engine.ObserveAsync(_scope.Environment, Stop)).Instances;
        Assert.Equal(before.Id, Assert.Single(instances, i => i.Status == InstanceStatus.Running).Id);
    }

    [Fact]
    public async Task Apply_LogCannotBeWritten_UndoesAsWell()
    {
        var before = await ServingAsync();
        var rollout = new RolloutRecorder
        {
            ServedHash = Old.Hash,
            OnProgress = detail => _ = detail.StartsWith("starting", StringComparison.Ordinal) ? throw new IOException("No space left on device") : 0,
        };
        await Assert.ThrowsAsync<IOException>(() => _engine.ApplyServiceAsync(_scope, NeverReady, rollout, Stop));
        await OldRunsAsync(before);
    }

    private async Task<ObservedInstance> ServingAsync()
    {
        Assert.True((await _engine.ApplyServiceAsync(_scope, Old, new RolloutRecorder(), Stop)).Ready);
        return Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
    }

    private async Task OldRunsAsync(ObservedInstance before)
    {
        var after = Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
        Assert.Equal((before.Id, InstanceStatus.Running), (after.Id, after.Status));
    }

    /// <summary>Only what serves is ever ready.</summary>
    private static DesiredService Service(string hash, string program) => Wanted.Service(
        "db", TestImages.Busybox, hash, ["sh", "-c", program == "httpd" ? "exec httpd -f -p 8080" : "exec sleep 600"], Wanted.Tcp(period: 0.3, threshold: 3), volume: "data");
}
