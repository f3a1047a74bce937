using System.Text;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>What is Docker's own and not in the conformance suite.</summary>
[Trait("Needs", "Docker")]
public sealed class DockerEngineTests : IAsyncLifetime
{
    private readonly DockerEngine _engine = DockerLab.NewEngine();
    private readonly DockerContainers _containers = new(DockerLab.Connection);
    private readonly EnvironmentScope _scope = new($"t{Guid.NewGuid():N}"[..9], "engine", 7, 1, 1, new string('c', 40));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await TestImages.BusyboxAsync();
        await _engine.EnsureSpaceAsync(_scope, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.RemoveEnvironmentAsync(_scope.Environment, new OutputRecorder(), CancellationToken.None);
        _engine.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_AfterACrashBetweenCreateAndStart_AdoptsTheContainer(bool started)
    {
        var service = Web("one", Wanted.Http("/"));
        var id = await _containers.CreateAsync(DockerSpec.Instance(_scope, service, 1, false), Stop);
        if (started) await _containers.StartAsync(id, "web", Stop);
        var result = await ApplyAsync(service);
        Assert.True(result.Ready, result.Failure?.Summary);
        Assert.Equal(id, Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances).Id);
    }

    [Fact]
    public async Task Job_AfterACrashBetweenCreateAndStart_RunsOnce()
    {
        var job = Wanted.Job("migrate", TestImages.Busybox, ["sh", "-c", "echo ran"]);
        await _containers.CreateAsync(DockerSpec.Job(_scope, job, "jobs.migrate"), Stop);
        var output = new OutputRecorder();
        var result = await _engine.RunJobAsync(_scope, job, "jobs.migrate", 0, output, Stop);
        Assert.True(result.Succeeded);
        Assert.Equal(["ran"], output.Lines);
    }

    [Fact]
    public async Task Program_Missing_IsNamed()
    {
        var output = new OutputRecorder();
        var result = await _engine.RunJobAsync(_scope, Wanted.Job("migrate", TestImages.Busybox, ["no-such-program"]), "jobs.migrate", 0, output, Stop);
        Assert.Equal(127, result.ExitCode);
        Assert.Contains(output.Lines, l => l.Contains("no-such-program", StringComparison.Ordinal));
        var service = await ApplyAsync(Web("missing", Wanted.Http("/")) with { Command = ["no-such-program"] });
        Assert.Equal("web never became ready: its program is not in the image or cannot be run (exit code 127).", service.Failure!.Summary);
        Assert.Contains("no-such-program", service.Failure.Evidence!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_TenMegabytesOnOneLineAndBadUtf8_ComeWhole()
    {
        var job = Wanted.Job("big", TestImages.Busybox, ["sh", "-c", "head -c 10485760 /dev/zero | tr '\\0' x; echo; printf '\\377<b>\\n'; echo end >&2"]);
        var output = new OutputRecorder();
        await _engine.RunJobAsync(_scope, job, "jobs.big", 0, output, Stop);
        // The two streams are pumped apart, so only the order within each is certain.
        Assert.Equal([10 << 20, "\uFFFD<b>".Length], output.All.Where(l => l.Source == LogSource.Out).Select(l => l.Text.Length));
        Assert.Contains("\uFFFD<b>", output.Lines);
        Assert.Contains((LogSource.Err, "end"), output.All);
    }

    [Fact]
    public async Task Apply_HttpProbeAnswers500_SaysSo()
    {
        var result = await ApplyAsync(Serving500(period: 0.5, threshold: 4));
        Assert.Equal("web never became ready: GET /health answered 500 for 2 s.", result.Failure!.Summary);
        Assert.Contains("asked", result.Failure.Evidence!, StringComparison.Ordinal);
        Assert.Empty((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
    }

    [Fact]
    public async Task Apply_ProcessDiesAtOnce_FailsLongBeforeTheProbesLimit()
    {
        var service = Web("dies", Wanted.Http("/", period: 10, threshold: 10)) with { Command = ["sh", "-c", "echo no database url; exit 3"] };
        var result = await ApplyAsync(service).WaitAsync(TimeSpan.FromSeconds(15), Stop);
        Assert.Contains("exit code 3", result.Failure!.Summary, StringComparison.Ordinal);
        Assert.Contains("no database url", result.Failure.Evidence!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_NoProbeAndProcessDies_Fails()
    {
        var service = Web("dies", null) with { Command = ["sh", "-c", "exit 0"], Ports = [] };
        var result = await ApplyAsync(service).WaitAsync(TimeSpan.FromSeconds(15), Stop);
        Assert.Contains("its process ended", result.Failure!.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ExecProbe_IsAskedInsideTheContainer()
    {
        var good = Web("exec", Wanted.Exec("sh", "-c", "test -e /tmp/ready")) with { Command = ["sh", "-c", "touch /tmp/ready; exec sleep 600"], Ports = [] };
        Assert.True((await ApplyAsync(good)).Ready);
        var bad = Web("exec2", Wanted.Exec("sh", "-c", "echo not yet; exit 7") with { PeriodSeconds = 0.3, FailureThreshold = 3 }) with { Command = ["sleep", "600"], Ports = [] };
        var result = await ApplyAsync(bad);
        Assert.Contains("ended with exit code 7: not yet for 0.9 s", result.Failure!.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_Files_AreThereBeforeTheProcess()
    {
        var service = Web("files", Wanted.Exec("true")) with
        {
            Command = ["sh", "-c", "cat /etc/app/deep/config.ini; exec sleep 600"],
            Files = [new DesiredFile("/etc/app/deep/config.ini", Encoding.UTF8.GetBytes("key=value\n"))],
        };
        Assert.True((await ApplyAsync(service)).Ready);
        var instance = Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
        await Eventually.TrueAsync(async () => await new DockerOutput(DockerLab.Connection).TailAsync(instance.Id, 5, Stop) == "key=value", "the file was read");
    }

    [Fact]
    public async Task Apply_NewVersionOnAVolumeFails_TheOldOneIsStartedAgain()
    {
        await _engine.EnsureVolumeAsync(_scope, new DesiredVolume("data", null), Stop);
        var old = Web("v1", Wanted.Http("/")) with { Mounts = [new MountTemplate("data", "/data", null)] };
        await ApplyAsync(old);
        var before = Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
        var rollout = new RolloutRecorder();
        var result = await _engine.ApplyServiceAsync(_scope, Serving500(0.3, 3) with { Mounts = old.Mounts }, rollout, Stop);
        Assert.False(result.Ready);
        Assert.Contains(rollout.Progress, p => p.Contains("mounts a volume", StringComparison.Ordinal));
        var after = Assert.Single((await _engine.ObserveAsync(_scope.Environment, Stop)).Instances);
        Assert.Equal((before.Id, InstanceStatus.Running), (after.Id, after.Status));
    }

    [Fact]
    public async Task Removal_OfAVolumeThatAJobBroughtBack_FindsIt()
    {
        // Somebody removed the volume; Docker makes it again for the job that mounts it.
        await _engine.RunJobAsync(_scope, Wanted.Job("last", TestImages.Busybox, ["true"], volume: "data"), "jobs.last", 0, new OutputRecorder(), Stop);
        var receipt = await _engine.RemoveEnvironmentAsync(_scope.Environment, new OutputRecorder(), Stop);
        Assert.Equal(0, receipt.Left);
        Assert.Contains(receipt.Items, i => i.Kind == "volume" && i.Name == DockerNames.Volume(_scope.Environment, "data"));
        Assert.Empty(await Tool.DockerAsync("volume", "ls", "-q", "--filter", $"name={DockerNames.Volume(_scope.Environment, "data")}"));
    }

    [Fact]
    public async Task Apply_FourReplicas_AreStartedAndStoppedTogether()
    {
        var result = await ApplyAsync(Web("four", Wanted.Http("/")) with { Replicas = 4 });
        Assert.True(result.Ready, result.Failure?.Summary);
        var ports = (await _engine.ObserveAsync(_scope.Environment, Stop)).Instances.SelectMany(i => i.Endpoints).Select(e => e.Port);
        Assert.Equal(4, ports.Distinct().Count());
    }

    [Fact]
    public async Task Services_InOneEnvironment_FindEachOtherByName()
    {
        await ApplyAsync(Web("web", Wanted.Http("/")));
        var output = new OutputRecorder();
        var job = Wanted.Job("ask", TestImages.Busybox, ["wget", "-q", "-O", "-", "http://web:8080/cgi-bin/none"]);
        var result = await _engine.RunJobAsync(_scope, job, "jobs.ask", 0, output, Stop);
        Assert.Contains(output.Lines, l => l.Contains("404", StringComparison.Ordinal));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task EnsureImage_ThatCannotBePulled_GivesTheRegistrysWords()
    {
        var problem = await Assert.ThrowsAsync<EngineException>(() => _engine.EnsureImageAsync("registry.invalid/no/image:1", false, new OutputRecorder(), Stop));
        Assert.StartsWith("The image registry.invalid/no/image:1 cannot be pulled: ", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Suggestion);
        await Assert.ThrowsAsync<EngineException>(() => _engine.EnsureImageAsync("release-test/gone:1", true, new OutputRecorder(), Stop));
        await _engine.EnsureImageAsync(TestImages.Busybox, true, new OutputRecorder(), Stop);
    }

    [Fact]
    public async Task Apply_NameTakenByAStranger_SaysWhichContainer()
    {
        var service = Web("taken", Wanted.Http("/"));
        var request = DockerSpec.Instance(_scope, service, 1, false);
        request.Labels = new Dictionary<string, string>();
        var id = await _containers.CreateAsync(request, Stop);
        try
        {
            var problem = await Assert.ThrowsAsync<EngineException>(() => ApplyAsync(service));
            Assert.Contains($"A container named {request.Name} already exists", problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            await _containers.RemoveAsync(id, Stop);
        }
    }

    [Fact]
    public async Task Observe_ByARestartedDashboard_AsksTheProbeAgain()
    {
        await ApplyAsync(Web("web", Wanted.Http("/")));
        using var restarted = DockerLab.NewEngine();
        Assert.True(Assert.Single((await restarted.ObserveAsync(_scope.Environment, Stop)).Instances).Ready);
    }

    private async Task<ServiceResult> ApplyAsync(DesiredService service) => await _engine.ApplyServiceAsync(_scope, service, new RolloutRecorder(), Stop);

    private static DesiredService Web(string hash, ProbeTemplate? probe) => Wanted.Service(
        "web", TestImages.Busybox, hash, ["sh", "-c", "mkdir -p /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www"], probe);

    /// <summary>A server that answers every request with 500.</summary>
    private static DesiredService Serving500(double period, int threshold) => Web("fivehundred", Wanted.Http("/health", period: period, threshold: threshold)) with
    {
        Command = ["sh", "-c", "printf '#!/bin/sh\\necho asked >&2\\nprintf \"HTTP/1.1 500 No\\\\r\\\\nContent-Length: 0\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\n\"\\n' > /tmp/answer; chmod +x /tmp/answer; echo asked; exec nc -ll -p 8080 -e /tmp/answer"],
    };
}
