using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Engines;

public abstract partial class EngineConformance
{
    [Fact]
    public async Task Service_New_IsReadyAndObserved()
    {
        await PrepareAsync();
        var (result, rollout) = await ApplyAsync(Healthy("web", Old));
        Assert.True(result.Ready, result.Failure?.Summary);
        Assert.Equal((ReceiptAction.Created, "service", "web"), (result.Changes[0].Action, result.Changes[0].Kind, result.Changes[0].Name));
        var instance = Assert.Single(await InstancesAsync());
        Assert.Equal(("web", Old, InstanceStatus.Running, true, 0, Scope.Commit), (instance.Service, instance.Hash, instance.Status, instance.Ready, instance.Restarts, instance.Commit));
        var endpoint = Assert.Single(instance.Endpoints);
        Assert.Equal((8080, "127.0.0.1"), (endpoint.TargetPort, endpoint.Address));
        Assert.Equal(instance.Id, Assert.Single(rollout.Serving).Id);
        Assert.Equal(instance.Endpoints, rollout.Serving[0].Endpoints);
    }

    [Fact]
    public async Task Service_AppliedAgain_KeepsItsInstances()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old, replicas: 2));
        var before = await InstancesAsync();
        var (result, rollout) = await ApplyAsync(Healthy("web", Old, replicas: 2));
        Assert.Equal(ReceiptAction.Kept, Assert.Single(result.Changes).Action);
        Assert.Equal(before.Select(i => i.Id), (await InstancesAsync()).Select(i => i.Id));
        Assert.Equal(["switch"], rollout.Order);
        Assert.Equal(2, rollout.Serving.Count);
    }

    [Fact]
    public async Task Service_Scaled_KeepsThoseThatStay()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var first = Assert.Single(await InstancesAsync());
        await ApplyAsync(Healthy("web", Old, replicas: 3));
        var three = await InstancesAsync();
        Assert.Equal(3, three.Count);
        Assert.Contains(three, i => i.Id == first.Id);
        var (result, rollout) = await ApplyAsync(Healthy("web", Old, replicas: 2));
        Assert.Equal(2, (await InstancesAsync()).Count);
        Assert.Equal(2, rollout.Order.Count);
        Assert.Contains(result.Changes, c => c is { Action: ReceiptAction.Removed, Kind: "instance" });
    }

    [Fact]
    public async Task Service_Replaced_SwitchesBeforeTheOldIsDrainedAndStopped()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var old = Assert.Single(await InstancesAsync());
        IReadOnlyList<ObservedInstance> atSwitch = [];
        var rollout = new RolloutRecorder { OnSwitch = async () => atSwitch = await InstancesAsync() };
        var result = await Engine.ApplyServiceAsync(Scope, Healthy("web", New), rollout, Stop);
        Assert.True(result.Ready, result.Failure?.Summary);
        Assert.Equal(ReceiptAction.Replaced, result.Changes[0].Action);
        Assert.Equal([Old, New], atSwitch.Select(i => i.Hash).Order());
        Assert.All(atSwitch, i => Assert.Equal((InstanceStatus.Running, true), (i.Status, i.Ready)));
        Assert.Equal(["switch", $"drain {old.Id}"], rollout.Order);
        Assert.Equal(New, Assert.Single(await InstancesAsync()).Hash);
    }

    [Fact]
    public async Task Service_NeverReady_OldKeepsServingAndEvidenceIsShown()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var before = Assert.Single(await InstancesAsync());
        var (result, rollout) = await ApplyAsync(NeverReady("web", New));
        Assert.False(result.Ready);
        Assert.StartsWith("web never became ready", result.Failure!.Summary, StringComparison.Ordinal);
        Assert.Contains("cannot find the database", result.Failure.Evidence!, StringComparison.Ordinal);
        Assert.Empty(rollout.Order);
        var after = Assert.Single(await InstancesAsync());
        Assert.Equal((before.Id, InstanceStatus.Running), (after.Id, after.Status));
    }

    [Fact]
    public async Task Service_OneInstanceRemovedOutside_IsRepaired()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old, replicas: 2));
        var before = await InstancesAsync();
        await RemoveOutsideAsync(before[0].Id);
        Assert.Single(await InstancesAsync());
        var (result, _) = await ApplyAsync(Healthy("web", Old, replicas: 2));
        var after = await InstancesAsync();
        Assert.Equal(2, after.Count);
        Assert.Contains(after, i => i.Id == before[1].Id);
        Assert.Contains(result.Changes, c => c is { Action: ReceiptAction.Created, Kind: "instance" });
    }

    [Fact]
    public async Task Instances_Stopped_AreStartedAgainByApply()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var before = Assert.Single(await InstancesAsync());
        Assert.Equal([before.Name], await Engine.StopInstancesAsync(Scope, Stop));
        Assert.Equal(InstanceStatus.Exited, Assert.Single(await InstancesAsync()).Status);
        Assert.Empty(await Engine.StopInstancesAsync(Scope, Stop));
        var (result, _) = await ApplyAsync(Healthy("web", Old));
        Assert.True(result.Ready, result.Failure?.Summary);
        var after = Assert.Single(await InstancesAsync());
        Assert.Equal((before.Id, InstanceStatus.Running), (after.Id, after.Status));
    }

    [Fact]
    public async Task Service_WaitCanceled_NewInstanceGoesOldStays()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        using var cancel = new CancellationTokenSource();
        var applying = Engine.ApplyServiceAsync(Scope, NeverReady("web", New), new CancelWhenWaiting(cancel), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => applying.WaitAsync(TimeSpan.FromSeconds(20), Stop));
        Assert.Equal(Old, Assert.Single(await InstancesAsync()).Hash);
    }

    [Fact]
    public async Task Service_Removed_TakesItsInstancesOnly()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        await ApplyAsync(Healthy("api", Old));
        Assert.Single(await Engine.RemoveServiceAsync(Scope, "web", Stop));
        Assert.Empty(await Engine.RemoveServiceAsync(Scope, "web", Stop));
        Assert.Equal("api", Assert.Single(await InstancesAsync()).Service);
    }

    [Fact]
    public async Task Service_WithVolume_KeepsDataOverAReplacement()
    {
        await PrepareAsync("data");
        await ApplyAsync(Healthy("db", Old, volume: "data"));
        await RunAsync(Appending("data", "kept"), "jobs.one");
        var (result, rollout) = await ApplyAsync(Healthy("db", New, volume: "data"));
        Assert.True(result.Ready, result.Failure?.Summary);
        Assert.Contains("switch", rollout.Order);
        var (_, output) = await RunAsync(Appending("data", "more"), "jobs.two");
        Assert.Equal(["kept", "more"], output.Lines);
    }

    [Fact]
    public async Task Watch_InstanceRemovedOutside_NamesTheEnvironment()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var instance = Assert.Single(await InstancesAsync());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        enough.CancelAfter(TimeSpan.FromSeconds(20));
        await using var watch = Engine.WatchAsync(enough.Token).GetAsyncEnumerator(Stop);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("", watch.Current);
        await RemoveOutsideAsync(instance.Id);
        do Assert.True(await watch.MoveNextAsync());
        while (watch.Current != Scope.Environment);
    }

    [Fact]
    public async Task Output_OfAnInstance_IsReadFromItsFirstLineOrItsLast()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var instance = Assert.Single(await InstancesAsync());
        var lines = new List<string>();
        await foreach (var line in Engine.ReadOutputAsync(instance.Id, null, false, Stop)) lines.Add(line.Text);
        Assert.Equal("listening", lines[0]);
        lines.Clear();
        await foreach (var line in Engine.ReadOutputAsync(instance.Id, 1, false, Stop)) lines.Add(line.Text);
        Assert.Single(lines);
        await Assert.ThrowsAsync<EngineException>(async () => await Engine.ReadOutputAsync("nobody", null, false, Stop).GetAsyncEnumerator(Stop).MoveNextAsync());
    }

    [Fact]
    public async Task Measure_RunningInstance_HasMemory()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var instance = Assert.Single(await InstancesAsync());
        var usage = Assert.Single(await Engine.MeasureAsync(Scope.Environment, Stop));
        Assert.Equal(instance.Id, usage.InstanceId);
        Assert.True(usage.MemoryBytes > 0);
    }

    private sealed class CancelWhenWaiting(CancellationTokenSource cancel) : IServiceRollout
    {
        public ValueTask ProgressAsync(string detail, CancellationToken cancellationToken)
        {
            if (detail.StartsWith("waiting", StringComparison.Ordinal)) cancel.Cancel();
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public Task SwitchAsync(IReadOnlyList<ObservedInstance> ready, CancellationToken cancellationToken) => throw new InvalidOperationException("Nothing was ready.");

        public Task DrainAsync(ObservedInstance old, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
