using System.Text.Json;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Engines.Docker;

public sealed class DockerSpecTests
{
    private static readonly EnvironmentScope Scope = new("ted1bc4", "shop", 12, 34, 2, new string('c', 40));

    [Fact]
    public void Instance_Labels_AreTheContractsAndOurs()
    {
        var labels = DockerSpec.Instance(Scope, Web(), 2, publishProbePort: false).Labels!;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["release.environment"] = "ted1bc4",
                ["release.application"] = "shop",
                ["release.service"] = "web",
                ["release.deployment"] = "12",
                ["release.commit"] = new('c', 40),
                ["release.hash"] = "0123456789abcdef",
                ["release.run"] = "34",
                ["release.attempt"] = "2",
                ["release.index"] = "2",
            }.OrderBy(l => l.Key),
            labels.Where(l => l.Key != DockerLabels.Probe).OrderBy(l => l.Key));
        Assert.Equal("/health", JsonSerializer.Deserialize<ProbeTemplate>(labels[DockerLabels.Probe])!.HttpPath);
    }

    [Fact]
    public void Instance_Name_FollowsFromWhatItIs()
    {
        Assert.Equal("release-ted1bc4_web-01234567-2", DockerSpec.Instance(Scope, Web(), 2, false).Name);
        Assert.Equal(DockerSpec.Instance(Scope, Web(), 2, false).Name, DockerSpec.Instance(Scope with { RunId = 99, Attempt = 5 }, Web(), 2, false).Name);
    }

    [Fact]
    public void Instance_CommandAndArgs_BecomeEntrypointAndCmd()
    {
        var request = DockerSpec.Instance(Scope, Web() with { Command = ["/bin/app"], Args = ["--port", "80"] }, 1, false);
        Assert.Equal(["/bin/app"], request.Entrypoint!);
        Assert.Equal(["--port", "80"], request.Cmd!);
        var bare = DockerSpec.Instance(Scope, Web() with { Command = [], Args = [] }, 1, false);
        Assert.Null(bare.Entrypoint);
        Assert.Null(bare.Cmd);
    }

    [Fact]
    public void Instance_OnlyPublicPorts_ArePublishedOnLoopback()
    {
        var request = DockerSpec.Instance(Scope, Web() with { Ports = [new PortTemplate(true, 80, 8080), new PortTemplate(false, 9000, 9000)] }, 1, false);
        Assert.Equal(["8080/tcp", "9000/tcp"], request.ExposedPorts!.Keys);
        var binding = Assert.Single(request.HostConfig!.PortBindings!);
        Assert.Equal(("8080/tcp", "127.0.0.1", ""), (binding.Key, binding.Value[0].HostIP, binding.Value[0].HostPort));
    }

    [Fact]
    public void Instance_EngineOnAnotherMachine_PublishesTheProbedPort()
    {
        var db = Web() with { Ports = [new PortTemplate(false, 5432, 5432)], Readiness = Wanted.Tcp(5432) };
        Assert.Empty(DockerSpec.Instance(Scope, db, 1, publishProbePort: false).HostConfig!.PortBindings!);
        Assert.Equal(["5432/tcp"], DockerSpec.Instance(Scope, db, 1, publishProbePort: true).HostConfig!.PortBindings!.Keys);
    }

    [Fact]
    public void Instance_HttpProbeWithoutPort_AsksThePublicOne()
    {
        var probe = DockerSpec.Probe(Web() with { Ports = [new PortTemplate(false, 9000, 9000), new PortTemplate(true, 80, 3000)], Readiness = new ProbeTemplate(null, "/", null, null, 1, 1, 3, 0) });
        Assert.Equal(3000, probe!.HttpPort);
    }

    [Fact]
    public void Instance_Host_HasInitRestartMountsAndLimits()
    {
        var request = DockerSpec.Instance(
            Scope,
            Web() with
            {
                Mounts = [new MountTemplate("data", "/var/lib/data", null), new MountTemplate("shm", "/dev/shm", 64 << 20)],
                Resources = new ResourceTemplate(0.5, 0.25, 256 << 20, 128 << 20, null),
                StopGraceSeconds = 7,
            },
            1,
            false);
        var host = request.HostConfig!;
        Assert.True(host.Init);
        Assert.Equal(RestartPolicyKind.UnlessStopped, host.RestartPolicy!.Name);
        var mount = Assert.Single(host.Mounts!);
        Assert.Equal(("volume", "release-ted1bc4_data", "/var/lib/data"), (mount.Type, mount.Source, mount.Target));
        Assert.Equal((500_000_000, 256 << 20, 128 << 20, 256, 64 << 20), (host.NanoCPUs, host.Memory, host.MemoryReservation, host.CPUShares, host.ShmSize));
        Assert.Equal(TimeSpan.FromSeconds(7), request.StopTimeout);
        Assert.Equal("release-ted1bc4", host.NetworkMode);
        Assert.Equal(["web"], request.NetworkingConfig!.EndpointsConfig!["release-ted1bc4"].Aliases!);
    }

    [Fact]
    public void Job_Name_IsItsIdentityAndItsOutputIsNeverRotated()
    {
        var job = Wanted.Job("migrate", "any:1", ["true"]);
        var request = DockerSpec.Job(Scope, job, "jobs.migrate");
        Assert.Equal(request.Name, DockerSpec.Job(Scope with { Attempt = 9 }, job, "jobs.migrate").Name);
        Assert.NotEqual(request.Name, DockerSpec.Job(Scope with { RunId = 35 }, job, "jobs.migrate").Name);
        Assert.NotEqual(request.Name, DockerSpec.Job(Scope, job, "other.migrate").Name);
        Assert.Equal(RestartPolicyKind.No, request.HostConfig!.RestartPolicy!.Name);
        Assert.Equal("json-file", request.HostConfig.LogConfig!.Type);
        Assert.Equal(("migrate", "jobs.migrate"), (request.Labels!["release.job"], request.Labels["release.task"]));
    }

    [Theory]
    [InlineData("my app", "my-app")]
    [InlineData("wäb", "w-b")]
    public void Names_WithCharactersDockerRefuses_AreCleanedAndStayApart(string name, string start)
    {
        Assert.StartsWith($"release-{start}-", DockerNames.Network(name), StringComparison.Ordinal);
        Assert.NotEqual(DockerNames.Network(name), DockerNames.Network(start));
    }

    [Theory]
    [InlineData(null, null, "/var/run/docker.sock", null)]
    [InlineData(null, "unix:///run/user/1/docker.sock", "/run/user/1/docker.sock", null)]
    [InlineData("tcp://10.0.0.5:2375", "unix:///x", null, "http://10.0.0.5:2375/")]
    public void Endpoint_SettingThenDockerHostThenDefault(string? setting, string? dockerHost, string? socket, string? tcp)
    {
        var endpoint = DockerEndpoint.Resolve(setting, dockerHost);
        Assert.Equal((socket, tcp), (endpoint.SocketPath, endpoint.Tcp?.ToString()));
    }

    [Fact]
    public void Endpoint_NotUnderstood_SaysWhatCanBeWritten()
    {
        var problem = Assert.Throws<Core.Engines.EngineException>(() => DockerEndpoint.Resolve("ftp://x", null));
        Assert.Contains("unix:///path", problem.Suggestion!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nginx", "nginx:latest")]
    [InlineData("registry:5000/a/b", "registry:5000/a/b:latest")]
    [InlineData("registry:5000/a/b:1", "registry:5000/a/b:1")]
    [InlineData("a@sha256:00", "a@sha256:00")]
    public void Image_WithoutTag_MeansLatest(string image, string expected) => Assert.Equal(expected, DockerImages.WithTag(image));

    [Theory]
    [InlineData("1.38", false)]
    [InlineData("1.39", true)]
    [InlineData("1.52", true)]
    [InlineData("", false)]
    public void Check_OldApi_IsRefusedWithAReason(string api, bool available)
    {
        var status = DockerEngine.Judge(new VersionResponse { Version = "18.06", APIVersion = api });
        Assert.Equal(available, status.Available);
        if (!available) Assert.Contains("BuildKit", status.Message!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:8080 failed: port is already allocated", "port 8080 is taken")]
    [InlineData("OCI runtime create failed: exec: \"nope\": executable file not found in $PATH: unknown", "the image has no program \"nope\"")]
    [InlineData("write /x: no space left on device", "disk is full")]
    [InlineData("something else", "Docker says: something else")]
    public void StartFailure_Words_BecomeASentence(string words, string expected) =>
        Assert.Contains(expected, StartFailure.Explain("web", words, new InvalidOperationException()).Message, StringComparison.Ordinal);

    private static DesiredService Web() => Wanted.Service("web", "sha256:1", "0123456789abcdef", ["/app"], Wanted.Http("/health"));

    [Fact]
    public void Names_ThatWouldJoinToTheSame_AreApart()
    {
        Assert.NotEqual(DockerNames.Volume("app", "web-data"), DockerNames.Volume("app-web", "data"));
        Assert.NotEqual(DockerNames.Instance("app", "web-x", "0123456789", 1), DockerNames.Instance("app-web", "x", "0123456789", 1));
        Assert.NotEqual(DockerNames.Job("app", "x", 1, "t"), DockerNames.Job("app-job", "x", 1, "t"));
    }
}
