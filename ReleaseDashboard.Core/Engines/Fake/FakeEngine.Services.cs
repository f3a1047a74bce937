using System.Runtime.CompilerServices;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

internal sealed partial class FakeEngine
{
    public Task<ServiceResult> ApplyServiceAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken) =>
        _connection.UseAsync(token => ApplyAsync(scope, service, rollout, token), cancellationToken);

    public Task<IReadOnlyList<string>> RemoveServiceAsync(EnvironmentScope scope, string service, CancellationToken cancellationToken) => LockedAsync<IReadOnlyList<string>>(() =>
    {
        Calls.Enqueue($"remove {scope.Environment}/{service}");
        return TakeOut(scope.Environment, i => i.Service == service);
    }, cancellationToken);

    public Task<IReadOnlyList<string>> StopInstancesAsync(EnvironmentScope scope, CancellationToken cancellationToken) => LockedAsync<IReadOnlyList<string>>(() =>
    {
        Calls.Enqueue($"stop {scope.Environment}");
        if (!_world.Environments.TryGetValue(scope.Environment, out var environment)) return [];
        var running = environment.Instances.Where(i => i.Status == InstanceStatus.Running).ToList();
        foreach (var instance in running)
        {
            (instance.Status, instance.ExitCode, instance.Ready) = (InstanceStatus.Exited, 0, false);
            instance.Output.End();
        }

        if (running.Count > 0) Changed(scope.Environment);
        return [.. running.Select(i => i.Observe().Name)];
    }, cancellationToken);

    public async IAsyncEnumerable<OutputLine> ReadOutputAsync(string instanceId, int? tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Away) throw FakeConnection.Unavailable();
        FakeInstance? instance;
        lock (_lock) instance = _world.Environments.Values.SelectMany(e => e.Instances).FirstOrDefault(i => i.Id == instanceId);
        if (instance is null) throw new EngineException($"There is no instance {instanceId}.");
        var skip = tail is { } last ? Math.Max(0, instance.Output.Last(int.MaxValue).Count - last) : 0;
        await foreach (var line in instance.Output.ReadAsync(skip, follow, cancellationToken)) yield return line;
    }

    public Task<IOutputFeed> OpenOutputAsync(string instanceId, OutputMark? mark, bool starting, CancellationToken cancellationToken) => LockedAsync<IOutputFeed>(() =>
    {
        var instance = _world.Environments.Values.SelectMany(e => e.Instances).FirstOrDefault(i => i.Id == instanceId) ?? throw new EngineException($"There is no instance {instanceId}.");
        return new FakeOutputFeed(instance.Output, mark, starting, _connection);
    }, cancellationToken);

    /// <summary>The oldest lines of an instance can no longer be read.</summary>
    public void Forget(string instanceId, int lines) => Touch(instanceId, (_, instance) => instance.Output.Forget(lines));

    /// <summary>An instance ends by itself, as after a crash.</summary>
    public void Exit(string instanceId, int exitCode) => Touch(instanceId, (_, instance) =>
    {
        (instance.Status, instance.ExitCode, instance.Ready) = (InstanceStatus.Exited, exitCode, false);
        instance.Output.End();
    });

    /// <summary>An instance is removed behind the dashboard's back, as by <c>docker rm -f</c>.</summary>
    public void Remove(string instanceId) => Touch(instanceId, (environment, instance) =>
    {
        environment.Instances.Remove(instance);
        instance.Output.End();
    });

    /// <summary>An instance prints a line.</summary>
    public void Print(string instanceId, string text) => Touch(instanceId, (_, instance) => instance.Output.Add(clock.GetUtcNow(), LogSource.Out, text));

    private async Task<ServiceResult> ApplyAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"apply {scope.Environment}/{service.Name}");
        var script = Services.GetValueOrDefault(service.Name) ?? new FakeServiceScript();
        List<FakeInstance> wanted, started = [], revived = [], old;
        lock (_lock)
        {
            var environment = _world.Find(scope);
            if (!environment.HasSpace) throw new EngineException($"Environment {scope.Environment} has no space yet. Run setup first.");
            var all = environment.Instances.Where(i => i.Service == service.Name).ToList();
            wanted = [.. all.Where(i => i.Hash == service.Hash).OrderByDescending(i => i.Status == InstanceStatus.Running).Take(service.Replicas)];
            old = [.. all.Except(wanted)];
            revived.AddRange(wanted.Where(i => i.Status != InstanceStatus.Running));
            if (script.Refusal is not null && (wanted.Count < service.Replicas || revived.Count > 0))
                throw new EngineException($"{service.Name} could not be started: {script.Refusal}.");
            while (wanted.Count < service.Replicas)
            {
                var id = NextId();
                var name = $"release-{scope.Environment}-{service.Name}-{service.Hash[..Math.Min(8, service.Hash.Length)]}-{id[^4..]}";
                var instance = new FakeInstance(id, name, service, scope.Commit, clock.GetUtcNow(), Interlocked.Add(ref _lastPort, service.Ports.Count) - service.Ports.Count) { Status = InstanceStatus.Created };
                started.Add(instance);
                wanted.Add(instance);
                environment.Instances.Add(instance);
            }
        }

        foreach (var instance in started.Concat(revived)) await rollout.StartingAsync(instance.Observe(), cancellationToken);
        lock (_lock)
        {
            foreach (var instance in revived) instance.Output.Begin();
            foreach (var instance in started.Concat(revived)) (instance.Status, instance.ExitCode) = (InstanceStatus.Running, null);
            foreach (var instance in started)
            {
                foreach (var line in script.Lines) instance.Output.Add(clock.GetUtcNow(), LogSource.Out, line);
            }
        }

        if (started.Count + revived.Count > 0) Changed(scope.Environment);
        var failure = await WaitReadyAsync(scope, service, script, wanted, started, rollout, cancellationToken);
        if (failure is not null) return new ServiceResult(false, [], failure);

        await rollout.SwitchAsync([.. wanted.Select(i => i.Observe())], cancellationToken);
        await Task.WhenAll(old.Where(i => i.Status == InstanceStatus.Running).Select(i => rollout.DrainAsync(i.Observe(), cancellationToken)));
        var removed = new List<string>();
        lock (_lock) removed.AddRange(TakeOut(scope.Environment, old.Contains));
        return new ServiceResult(true, RolloutReceipt.Describe(service.Name, wanted.Count, [.. started.Select(i => i.Observe().Name)], [.. revived.Select(i => i.Observe().Name)], removed));
    }

    private async Task<Failure?> WaitReadyAsync(EnvironmentScope scope, DesiredService service, FakeServiceScript script, List<FakeInstance> wanted, List<FakeInstance> started, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            var ready = wanted.Count(i => i.Ready);
            if (ready < wanted.Count)
            {
                await rollout.ProgressAsync($"waiting for readiness ({ready} of {wanted.Count} ready)", cancellationToken);
                await script.Ready.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (script.Failure is { } failure)
                {
                    lock (_lock) TakeOut(scope.Environment, started.Contains);
                    return failure with { Evidence = failure.Evidence ?? string.Join('\n', script.Lines) };
                }
            }

            foreach (var instance in wanted) instance.Ready = true;
            if (ready < wanted.Count) Changed(scope.Environment);
            await rollout.ProgressAsync($"{service.Name} is ready ({wanted.Count} of {wanted.Count})", cancellationToken);
            return null;
        }
        catch (OperationCanceledException) when (!Away)
        {
            lock (_lock) TakeOut(scope.Environment, started.Contains);
            throw;
        }
    }

    private List<string> TakeOut(string environment, Predicate<FakeInstance> which)
    {
        if (!_world.Environments.TryGetValue(environment, out var found)) return [];
        var gone = found.Instances.FindAll(which);
        found.Instances.RemoveAll(which);
        foreach (var instance in gone) instance.Output.End();
        if (gone.Count > 0) Changed(environment);
        return [.. gone.Select(i => i.Observe().Name)];
    }

    private void Touch(string instanceId, Action<FakeEnvironment, FakeInstance> change)
    {
        lock (_lock)
        {
            var environment = _world.Environments.Values.First(e => e.Instances.Exists(i => i.Id == instanceId));
            change(environment, environment.Instances.First(i => i.Id == instanceId));
            Changed(environment.Id);
        }
    }
}
