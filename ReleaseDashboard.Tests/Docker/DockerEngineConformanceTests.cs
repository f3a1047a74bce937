using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

[Trait("Needs", "Docker")]
public sealed class DockerEngineConformanceTests : EngineConformance
{
    private readonly DockerEngine _engine = DockerLab.NewEngine();

    protected override IEngine Engine => _engine;

    public override async ValueTask InitializeAsync() => await TestImages.BusyboxAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _engine.Dispose();
    }

    protected override DesiredService Healthy(string name, string hash, int replicas = 1, string? volume = null) =>
        Wanted.Service(name, TestImages.Busybox, hash, ["sh", "-c", "echo listening; exec httpd -f -p 8080 -h /www"], Wanted.Tcp(), replicas, volume);

    protected override DesiredService NeverReady(string name, string hash) =>
        Wanted.Service(name, TestImages.Busybox, hash, ["sh", "-c", "echo cannot find the database; exec sleep 600"], Wanted.Tcp(period: 0.5, threshold: 4));

    protected override DesiredJob Printing(string name, int exitCode, params string[] lines) =>
        Wanted.Job(name, TestImages.Busybox, ["sh", "-c", string.Concat(lines.Select(l => $"echo {l}; ")) + $"exit {exitCode}"]);

    protected override DesiredJob Endless(string name, int timeoutSeconds = 600) =>
        Wanted.Job(name, TestImages.Busybox, ["sh", "-c", "echo working; exec sleep 600"], timeoutSeconds);

    protected override DesiredJob Appending(string volume, string text) =>
        Wanted.Job($"append-{text}", TestImages.Busybox, ["sh", "-c", $"echo {text} >> /data/file; cat /data/file"], volume: volume);

    protected override async Task RemoveOutsideAsync(string instanceId) =>
        await new DockerContainers(DockerLab.Connection).RemoveAsync(instanceId, Stop);

    protected override IEngine Away() => new DockerEngine(new DockerConnection(new DockerEndpoint("unix:///nowhere/docker.sock", SocketPath: "/nowhere/docker.sock")), TimeProvider.System);
}
