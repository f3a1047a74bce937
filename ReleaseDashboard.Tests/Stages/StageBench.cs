using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>One environment on a fake engine, and runs on it. What the engine and the database hold survives <see cref="RestartProcess"/>; the route table does not.</summary>
internal sealed class StageBench : IDesiredStates, IEnvironmentObserver, IInstanceLogs, IDisposable
{
    public const string Id = "ted1";
    private long _lastRun = 40;

    public StageBench()
    {
        Logs = new MemoryLog(Crashes);
        Records.Environments[Id] = new ReleaseEnvironment(
            Id, "shop", EnvironmentKind.Ephemeral, "main", false, EnvironmentPhase.Pending, HealthStatus.Unknown, SyncStatus.InSync, [], false,
            new ConfigurationVersion(1, 2), null, null, null, DateTimeOffset.UnixEpoch, null, null);
        RestartProcess();
    }

    public FakeEngine Engine { get; } = new(TimeProvider.System);
    public CrashPoints Crashes { get; } = new();
    public MemoryRecords Records { get; } = new();
    public MemoryLog Logs { get; }
    public RouteTable Routes { get; private set; } = null!;
    public HashSet<string> Touched { get; } = [];

    /// <summary>Environments whose copied output was deleted.</summary>
    public List<string> OutputsDeleted { get; } = [];

    /// <summary>What the engine answers for the objects that a removal leaves.</summary>
    public int? Left { get; set; } = 0;

    /// <summary>What the loader answers.</summary>
    public Outcome<DesiredState> Desired { get; set; } = Wanted.Shop();

    EngineStatus IEnvironmentObserver.Engine => new(true, "", null);
    IReadOnlyList<ObservedState> IEnvironmentObserver.Orphans => [];

    public StageTools Tools => new(new CrashingEngine(Engine, Crashes) { Left = Left }, Records, Logs, Routes, Routes, this, this, TimeProvider.System, TimeSpan.FromSeconds(30));

    public void RestartProcess()
    {
        Crashes.Restart();
        Routes = new RouteTable(TimeProvider.System);
    }

    public Run NewRun(Stage stage, string? workflow = null) => new(
        ++_lastRun, stage, "shop", Id, 7, 3, "c0ffee00", workflow, RunStatus.Running, 1, $"environment:{Id}", null, "deploy", "owner",
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, false, null, null, null);

    public MemoryJournal Journal(Crashing crashing = Crashing.Nowhere) => new(Records, Id, crashing == Crashing.Nowhere ? new CrashPoints() : Crashes);

    public Task<RunResult> RunAsync(Stage stage, string? workflow = null) => RunAsync(NewRun(stage, workflow), Journal(), TestContext.Current.CancellationToken);

    public async Task<RunResult> RunAsync(Run run, MemoryJournal journal, CancellationToken cancellationToken)
    {
        Records.Runs[run.Id] = run;
        IStageRunner[] runners = [new SetupStage(Tools, this), new PatchStage(Tools, this), new TeardownStage(Tools, this, this), new PauseStage(Tools)];
        var runner = runners.Single(r => r.Stages.Contains(run.Stage));
        await using var log = Logs.OpenWriter(run.LogId, []);
        var result = await runner.RunAsync(new StageContext(run, log, journal), cancellationToken);
        if (run.Stage == Stage.Setup && result.Status == RunStatus.Succeeded) Records.Change(Id, e => e with { SetupSucceeded = true, Applied = e.Saved, Phase = EnvironmentPhase.Ready });
        return result;
    }

    public async Task SetUpAsync() => Assert.Equal(RunStatus.Succeeded, (await RunAsync(Stage.Setup)).Status);

    public async Task<IReadOnlyList<ObservedInstance>> InstancesAsync(string? service = null) =>
        [.. (await Engine.ObserveAsync(Id, TestContext.Current.CancellationToken)).Instances.Where(i => service is null || i.Service == service)];

    public string Text(Run run) => string.Join('\n', Logs.Lines(run.LogId).Select(l => l.Text));

    public int Started(string job) => Engine.Calls.Count(c => c.StartsWith($"start-job {Id}/{job} ", StringComparison.Ordinal));

    public Task CalledAsync(string call) => Eventually.TrueAsync(() => Engine.Calls.Any(c => c.StartsWith(call, StringComparison.Ordinal)), $"the engine is asked to {call}");

    public Task<Outcome<LoadedState>> LoadAsync(StateRequest request, CancellationToken cancellationToken)
    {
        if (!Desired.Accepted) return Task.FromResult<Outcome<LoadedState>>(Desired.Refusal);
        var environment = Records.Environment(Id);
        var scope = Desired.Value.Scope with { RunId = request.RunId, Attempt = request.Attempt };
        return Task.FromResult<Outcome<LoadedState>>(new LoadedState(environment, Desired.Value with { Scope = scope }, environment.Saved, []));
    }

    public ObservedState? Last(string environment) => null;

    public IReadOnlyList<InstanceUsage> Usage(string environment) => [];

    /// <summary>Names of instances that were to be listened to before their start.</summary>
    public List<string> Heard { get; } = [];

    public ValueTask BeginAsync(string environment, ObservedInstance instance, CancellationToken cancellationToken)
    {
        lock (Heard) Heard.Add(instance.Name);
        return ValueTask.CompletedTask;
    }

    public string? OpenService(string environment, string service) => null;

    public IReadOnlyList<CapturedInstance> List(string environment) => [];

    public Task<string?> OpenAsync(string environment, string instance, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task DeleteAsync(string environment, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        OutputsDeleted.Add(environment);
        return Task.CompletedTask;
    }

    public void Touch(string environment) => Touched.Add(environment);

    public void Dispose() => Engine.Dispose();
}

internal enum Crashing
{
    Nowhere,
    Armed,
}
