using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

internal sealed partial class FakeEngine
{
    public Task<JobResult> RunJobAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken) =>
        _connection.UseAsync(async token =>
        {
            var key = (job.Name, JobKey.Of(scope.RunId, task));
            FakeJob running;
            lock (_lock)
            {
                var environment = _world.Find(scope);
                if (!environment.HasSpace) throw new EngineException($"Environment {scope.Environment} has no space yet. Run setup first.");
                if (!environment.Jobs.TryGetValue(key, out running!))
                {
                    Calls.Enqueue($"start-job {scope.Environment}/{job.Name} {key.Item2}");
                    running = environment.Jobs[key] = new FakeJob(NextId());
                    running.Ended = PerformAsync(environment, job, running);
                    Changed(scope.Environment);
                }
            }

            try
            {
                await foreach (var line in running.Output.ReadAsync(linesSeen, true, token)) await output.WriteAsync(line.Source, line.Text, token);
                await running.Ended.WaitAsync(token);
                return running.Result!;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await DropJobAsync(scope.Environment, key);
                throw;
            }
        }, cancellationToken);

    public Task RemoveJobAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken) =>
        _connection.UseAsync(async _ =>
        {
            await DropJobAsync(scope.Environment, (job.Name, JobKey.Of(scope.RunId, task)));
            return true;
        }, cancellationToken);

    public Task<Receipt> RemoveEnvironmentAsync(string environment, IEngineOutput output, CancellationToken cancellationToken) => _connection.UseAsync(async token =>
    {
        Calls.Enqueue($"remove-environment {environment}");
        List<(string, string)> jobs;
        lock (_lock) jobs = _world.Environments.TryGetValue(environment, out var known) ? [.. known.Jobs.Keys] : [];
        foreach (var job in jobs) await DropJobAsync(environment, job);
        var items = new List<ReceiptItem>();
        lock (_lock)
        {
            if (_world.Environments.TryGetValue(environment, out var found))
            {
                items.AddRange(TakeOut(environment, _ => true).Select(name => new ReceiptItem(ReceiptAction.Removed, "instance", name)));
                items.AddRange(jobs.Select(job => new ReceiptItem(ReceiptAction.Removed, "job", job.Item1)));
                items.AddRange(found.Volumes.Keys.Select(name => new ReceiptItem(ReceiptAction.Removed, "volume", name)));
                if (found.HasSpace) items.Add(new ReceiptItem(ReceiptAction.Removed, "network", $"release-{environment}"));
                _world.Environments.Remove(environment);
                Changed(environment);
            }
        }

        foreach (var item in items) await output.WriteAsync(LogSource.Sys, $"removed {item.Kind} {item.Name}", token);
        return new Receipt(items, 0);
    }, cancellationToken);

    private async Task PerformAsync(FakeEnvironment environment, DesiredJob job, FakeJob running)
    {
        var script = Jobs.GetValueOrDefault(job.Name) ?? new FakeJobScript();
        var started = clock.GetTimestamp();
        // Yield first: the caller holds the lock, and a job goes its own way.
        await Task.Yield();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(job.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, running.Stopped);
        try
        {
            foreach (var line in script.Lines) running.Output.Add(clock.GetUtcNow(), LogSource.Out, line);
            await script.Finish.WaitAsync(either.Token);
            var exitCode = script.ExitCode;
            if (script.Body is { } body)
            {
                var volumes = job.Mounts.Where(m => m.SharedMemoryBytes is null).ToDictionary(m => m.Volume, m => (IDictionary<string, string>)environment.Volumes[m.Volume]);
                exitCode = await body(new FakeJobRun(job, volumes, (source, text) => running.Output.Add(clock.GetUtcNow(), source, text)), either.Token);
            }

            running.Result = new JobResult(exitCode, false, script.OutOfMemory, clock.GetElapsedTime(started));
        }
        catch (OperationCanceledException)
        {
            running.Result = new JobResult(null, limit.IsCancellationRequested, false, clock.GetElapsedTime(started));
        }

        running.Output.End();
        Changed(environment.Id);
    }

    private async Task DropJobAsync(string environment, (string Name, string Key) key)
    {
        FakeJob? job;
        lock (_lock) job = _world.Environments.TryGetValue(environment, out var found) ? found.Jobs.GetValueOrDefault(key) : null;
        if (job is null) return;
        job.Stop();
        await job.Ended;
        lock (_lock)
        {
            if (_world.Environments.TryGetValue(environment, out var still)) still.Jobs.Remove(key);
            Changed(environment);
        }

        job.Dispose();
    }
}
