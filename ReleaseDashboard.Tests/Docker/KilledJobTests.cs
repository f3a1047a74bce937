using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>A job that lies there killed is run again where the engine is known to have stopped under it, and nowhere else.</summary>
[Trait("Needs", "Docker")]
public sealed class KilledJobTests : IAsyncLifetime
{
    private const string Task = "jobs.migrate";
    private static readonly DesiredJob Job = Wanted.Job("migrate", TestImages.Busybox, ["sh", "-c", "echo begun; sleep 1; echo done"]);
    private readonly DockerEngine _engine = DockerLab.NewEngine();
    private readonly DockerContainers _containers = new(DockerLab.Connection);
    private readonly EnvironmentScope _scope = new($"t{Guid.NewGuid():N}"[..9], "engine", 7, 1, 1, new string('c', 40));
    private DateTimeOffset? _machineStarted;
    private readonly EngineStops _stops;
    private readonly DockerJobs _jobs;

    public KilledJobTests()
    {
        _stops = new EngineStops(() => _machineStarted);
        _jobs = new DockerJobs(DockerLab.Connection, _containers, new DockerOutput(DockerLab.Connection), _stops, TimeProvider.System);
    }

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

    [Fact]
    public async Task Job_KilledWhileTheEngineWasSeenAway_IsRunAgainAndItsOutputIsWhole()
    {
        await KilledAsync();
        _jobs.Away(_scope, Job, Task);
        await RunsAgainAsync();
    }

    [Fact]
    public async Task Job_KilledBeforeTheMachineStarted_IsRunAgain()
    {
        await KilledAsync();
        _machineStarted = TimeProvider.System.GetUtcNow();
        await RunsAgainAsync();
    }

    [Fact]
    public async Task Job_KilledWithoutProofThatTheEngineStopped_IsItsResultAndRunsOnce()
    {
        var id = await KilledAsync();
        _machineStarted = DateTimeOffset.UnixEpoch;
        var output = new OutputRecorder();
        var result = await _jobs.RunAsync(_scope, Job, Task, 0, output, Stop);
        Assert.Equal(137, result.ExitCode);
        Assert.Equal(["begun"], output.Lines);
        Assert.Equal(id, (await _containers.InspectAsync(DockerNames.Job(_scope.Environment, Job.Name, _scope.RunId, Task), Stop))!.ID);
    }

    [Fact]
    public async Task Engine_SeenAway_CountsOnce()
    {
        var container = (await _containers.InspectAsync(await KilledAsync(), Stop))!;
        _stops.Saw("one");
        Assert.True(_stops.Ended("one", container));
        Assert.False(_stops.Ended("one", container));
    }

    private async Task RunsAgainAsync()
    {
        var output = new OutputRecorder();
        var result = await _jobs.RunAsync(_scope, Job, Task, 1, output, Stop);
        Assert.True(result.Succeeded);
        Assert.Equal([$"{Task} was ended when the engine stopped; it is started again.", "begun", "done"], output.Lines);
    }

    /// <summary>What a restart of Docker or of the machine leaves of a running job, or somebody's <c>kill</c>.</summary>
    private async Task<string> KilledAsync()
    {
        var id = await _containers.CreateAsync(DockerSpec.Job(_scope, Job, Task), Stop);
        await _containers.StartAsync(id, Job.Name, Stop);
        await Eventually.TrueAsync(async () => await new DockerOutput(DockerLab.Connection).TailAsync(id, 5, Stop) == "begun", "the job has begun");
        await Tool.DockerAsync("kill", id);
        return id;
    }
}
