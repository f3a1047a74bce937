using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Engines;

/// <summary>
/// What every engine must do, written once against <see cref="IEngine"/>. An engine joins by a class that says how its
/// services and jobs are made; the tests of services are in the other half.
/// </summary>
public abstract partial class EngineConformance : IAsyncLifetime
{
    protected const string Old = "aaaaaaaa00000001";
    protected const string New = "bbbbbbbb00000002";

    protected abstract IEngine Engine { get; }

    /// <summary>Every test has an environment of its own.</summary>
    protected EnvironmentScope Scope { get; } = new($"t{Guid.NewGuid():N}"[..9], "conformance", 7, Random.Shared.NextInt64(1, 1_000_000), 1, new string('c', 40));

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A service with a public port and a probe, ready soon after its start.</summary>
    protected abstract DesiredService Healthy(string name, string hash, int replicas = 1, string? volume = null);

    /// <summary>The same, but its probe fails for ever; it prints "cannot find the database".</summary>
    protected abstract DesiredService NeverReady(string name, string hash);

    /// <summary>Prints these lines and ends.</summary>
    protected abstract DesiredJob Printing(string name, int exitCode, params string[] lines);

    /// <summary>Prints "working" and never ends.</summary>
    protected abstract DesiredJob Endless(string name, int timeoutSeconds = 600);

    /// <summary>Adds a line to a file of the volume, then prints the whole file.</summary>
    protected abstract DesiredJob Appending(string volume, string text);

    /// <summary>Removes an instance behind the engine's back.</summary>
    protected abstract Task RemoveOutsideAsync(string instanceId);

    /// <summary>The same kind of engine, which cannot be reached.</summary>
    protected abstract IEngine Away();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        await Engine.RemoveEnvironmentAsync(Scope.Environment, new OutputRecorder(), CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Check_EngineAnswers_IsAvailableWithAVersion()
    {
        var status = await Engine.CheckAsync(Stop);
        Assert.True(status.Available, status.Message);
        Assert.NotEmpty(status.Version);
    }

    [Fact]
    public async Task Space_EnsuredTwice_IsCreatedOnce()
    {
        Assert.True(await Engine.EnsureSpaceAsync(Scope, Stop));
        Assert.False(await Engine.EnsureSpaceAsync(Scope with { Attempt = 2 }, Stop));
        var seen = await Engine.ObserveAsync(Scope.Environment, Stop);
        Assert.True(seen.HasSpace);
        Assert.Equal("conformance", seen.Application);
    }

    [Fact]
    public async Task Volume_EnsuredTwice_KeepsItsData()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        Assert.True(await Engine.EnsureVolumeAsync(Scope, new DesiredVolume("data", null), Stop));
        await RunAsync(Appending("data", "first"), "jobs.one");
        Assert.False(await Engine.EnsureVolumeAsync(Scope, new DesiredVolume("data", null), Stop));
        var (_, output) = await RunAsync(Appending("data", "second"), "jobs.two");
        Assert.Equal(["first", "second"], output.Lines);
        Assert.Equal(["data"], (await Engine.ObserveAsync(Scope.Environment, Stop)).Volumes);
    }

    [Fact]
    public async Task Job_EndsWithItsExitCode_OutputInOrder()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        var (result, output) = await RunAsync(Printing("migrate", 3, "one", "two", "three"), "jobs.migrate");
        Assert.Equal((3, false, false), (result.ExitCode, result.TimedOut, result.Succeeded));
        Assert.Equal(["one", "two", "three"], output.Lines);
    }

    [Fact]
    public async Task Job_AskedForAgain_IsAttachedToAndNotRunAgain()
    {
        await PrepareAsync("data");
        var job = Appending("data", "once");
        await RunAsync(job, "jobs.append");
        var (again, output) = await RunAsync(job, "jobs.append");
        Assert.Equal(["once"], output.Lines);
        Assert.True(again.Succeeded);
        var (_, skipped) = await RunAsync(job, "jobs.append", linesSeen: 1);
        Assert.Empty(skipped.Lines);
        var seen = await Engine.ObserveAsync(Scope.Environment, Stop);
        Assert.Equal((job.Name, JobKey.Of(Scope.RunId, "jobs.append"), false, 0), (seen.Jobs[0].Name, seen.Jobs[0].Key, seen.Jobs[0].Running, seen.Jobs[0].ExitCode));
    }

    [Fact]
    public async Task Job_CallerGone_IsAttachedToByTheNext()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        using var canceled = new CancellationTokenSource();
        var working = new TaskCompletionSource();
        var first = Engine.RunJobAsync(Scope, Endless("long"), "jobs.long", 0, new OutputRecorder { OnLine = _ => working.TrySetResult() }, canceled.Token);
        await working.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        var second = new TaskCompletionSource();
        var attached = Engine.RunJobAsync(Scope with { Attempt = 2 }, Endless("long"), "jobs.long", 0, new OutputRecorder { OnLine = _ => second.TrySetResult() }, Stop);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Single((await Engine.ObserveAsync(Scope.Environment, Stop)).Jobs);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            if (!(await attached).Succeeded) throw new EngineException("ended by the other's cancel");
        });
    }

    [Fact]
    public async Task Job_Canceled_IsStoppedAndRemoved()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        using var cancel = new CancellationTokenSource();
        var running = Engine.RunJobAsync(Scope, Endless("long"), "jobs.long", 0, new OutputRecorder { OnLine = _ => cancel.Cancel() }, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Empty((await Engine.ObserveAsync(Scope.Environment, Stop)).Jobs);
    }

    [Fact]
    public async Task Job_OverItsTime_IsEndedAndSaysSo()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        var (result, _) = await RunAsync(Endless("long", timeoutSeconds: 1), "jobs.long");
        Assert.Equal(((int?)null, true, false), (result.ExitCode, result.TimedOut, result.Succeeded));
    }

    [Fact]
    public async Task Job_Removed_IsGone()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        var job = Printing("migrate", 0, "done");
        await RunAsync(job, "jobs.migrate");
        await Engine.RemoveJobAsync(Scope, job, "jobs.migrate", Stop);
        await Engine.RemoveJobAsync(Scope, job, "jobs.migrate", Stop);
        Assert.Empty((await Engine.ObserveAsync(Scope.Environment, Stop)).Jobs);
    }

    [Fact]
    public async Task Environment_Removed_LeavesNothing()
    {
        await PrepareAsync("data");
        await ApplyAsync(Healthy("web", Old, replicas: 2, volume: "data"));
        await RunAsync(Printing("migrate", 0, "done"), "jobs.migrate");
        var receipt = await Engine.RemoveEnvironmentAsync(Scope.Environment, new OutputRecorder(), Stop);
        Assert.Equal(0, receipt.Left);
        Assert.Equal(["instance", "instance", "job", "network", "volume"], receipt.Items.Select(i => i.Kind).Order());
        Assert.All(receipt.Items, item => Assert.Equal(ReceiptAction.Removed, item.Action));
        Assert.True((await Engine.ObserveAsync(Scope.Environment, Stop)).IsEmpty);
        Assert.Equal(new Receipt([], 0).Left, (await Engine.RemoveEnvironmentAsync(Scope.Environment, new OutputRecorder(), Stop)).Left);
    }

    [Fact]
    public async Task ObserveAll_EnvironmentWithSpaceOnly_IsListed()
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        Assert.Contains(await Engine.ObserveAllAsync(Stop), s => s.Environment == Scope.Environment && s.HasSpace);
        await Engine.RemoveEnvironmentAsync(Scope.Environment, new OutputRecorder(), Stop);
        Assert.DoesNotContain(await Engine.ObserveAllAsync(Stop), s => s.Environment == Scope.Environment);
    }

    [Fact]
    public async Task EngineAway_EveryCall_SaysSo()
    {
        var away = Away();
        Assert.False((await away.CheckAsync(Stop)).Available);
        Assert.NotEmpty((await away.CheckAsync(Stop)).Message!);
        Func<Task>[] calls =
        [
            () => away.ObserveAsync(Scope.Environment, Stop),
            () => away.ObserveAllAsync(Stop),
            () => away.EnsureSpaceAsync(Scope, Stop),
            () => away.EnsureVolumeAsync(Scope, new DesiredVolume("data", null), Stop),
            () => away.EnsureImageAsync("any:1", false, new OutputRecorder(), Stop),
            () => away.ApplyServiceAsync(Scope, Healthy("web", Old), new RolloutRecorder(), Stop),
            () => away.RemoveServiceAsync(Scope, "web", Stop),
            () => away.StopInstancesAsync(Scope, Stop),
            () => away.RunJobAsync(Scope, Printing("migrate", 0, "x"), "jobs.migrate", 0, new OutputRecorder(), Stop),
            () => away.RemoveEnvironmentAsync(Scope.Environment, new OutputRecorder(), Stop),
            () => away.MeasureAsync(Scope.Environment, Stop),
            async () => await away.WatchAsync(Stop).GetAsyncEnumerator(Stop).MoveNextAsync(),
            () => away.OpenOutputAsync("any", null, false, Stop),
            async () => await away.ReadOutputAsync("any", null, false, Stop).GetAsyncEnumerator(Stop).MoveNextAsync(),
        ];
        foreach (var call in calls) await Assert.ThrowsAsync<EngineUnavailableException>(call);
    }

    protected async Task PrepareAsync(params string[] volumes)
    {
        await Engine.EnsureSpaceAsync(Scope, Stop);
        foreach (var volume in volumes) await Engine.EnsureVolumeAsync(Scope, new DesiredVolume(volume, null), Stop);
    }

    private protected async Task<(JobResult Result, OutputRecorder Output)> RunAsync(DesiredJob job, string task, long linesSeen = 0)
    {
        var output = new OutputRecorder();
        return (await Engine.RunJobAsync(Scope, job, task, linesSeen, output, Stop), output);
    }

    private protected async Task<(ServiceResult Result, RolloutRecorder Rollout)> ApplyAsync(DesiredService service)
    {
        var rollout = new RolloutRecorder();
        return (await Engine.ApplyServiceAsync(Scope, service, rollout, Stop), rollout);
    }

    private protected async Task<IReadOnlyList<ObservedInstance>> InstancesAsync() => (await Engine.ObserveAsync(Scope.Environment, Stop)).Instances;
}
