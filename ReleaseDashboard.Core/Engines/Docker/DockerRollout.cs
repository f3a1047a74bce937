using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Brings one service to its desired state. Crash points: after a create or a start the repeat finds the container by its name; before the switch the old
/// instances serve, after it the new ones; old ones that were not stopped yet are found by their other hash.
/// </summary>
internal sealed class DockerRollout(DockerConnection docker, DockerContainers containers, DockerEvents events, DockerOutput outputs, InstanceWaiter waiter, ReadinessMemory memory)
{
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(20);
    private const int EvidenceLines = 20;

    public async Task<ServiceResult> ApplyAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        var found = await containers.ListAsync(cancellationToken, DockerLabels.Is(DockerLabels.Environment, scope.Environment), DockerLabels.Is(DockerLabels.Service, service.Name));
        var plan = RolloutPlan.Of(service, found);
        var work = new RolloutWork();
        try
        {
            var failure = await BringUpAsync(scope, service, plan, work, rollout, cancellationToken);
            if (failure is not null)
            {
                await UndoAsync(plan, work, rollout.ServedHash);
                return new ServiceResult(false, [], failure);
            }
        }
        catch (Exception problem) when (problem is not EngineUnavailableException)
        {
            // Also a full disk under the log: whatever it was, the service must not stay without a version that runs. An engine that is away can undo nothing.
            await UndoAsync(plan, work, rollout.ServedHash);
            throw;
        }

        // From here on the new instances are the service: nothing is undone any more.
        await rollout.SwitchAsync([.. work.Ready.OrderBy(r => r.Key).Select(r => DockerView.Instance(r.Value, true))], cancellationToken);
        var removed = await Task.WhenAll(plan.Old.Select(old => RetireAsync(old, work, rollout, cancellationToken)));
        return new ServiceResult(true, RolloutReceipt.Describe(service.Name, service.Replicas, [.. work.Created.Values], [.. work.Restarted.Values], removed));
    }

    private async Task<Failure?> BringUpAsync(EnvironmentScope scope, DesiredService service, RolloutPlan plan, RolloutWork work, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        var known = await Task.WhenAll(plan.Slots.Select(slot => LookAsync(service, slot, work, cancellationToken)));
        var pending = plan.Slots.Where((_, i) => !known[i]).ToList();
        if (pending.Count == 0) return null;

        await using var watch = await DeathWatch.BeginAsync(events, scope.Environment, service.Name, cancellationToken);
        if (plan.Exclusive)
        {
            await rollout.ProgressAsync($"stopping the old instance first: {service.Name} mounts a volume, which two instances must not use at once", cancellationToken);
            await Task.WhenAll(plan.Old.Where(IsUp).Select(old => StopFirstAsync(old, work, rollout, cancellationToken)));
        }

        await rollout.ProgressAsync(pending.Count == 1 ? "starting 1 instance" : $"starting {pending.Count} instances", cancellationToken);
        var ids = await Task.WhenAll(pending.Select(slot => StartAsync(scope, service, slot, work, rollout, cancellationToken)));

        using var firstFailure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = pending.Zip(ids, (slot, id) => WaitAsync(service, slot, id, watch, work, rollout, firstFailure)).ToList();
        await rollout.ProgressAsync(work.Progress(service.Replicas), cancellationToken);
        var failures = await Task.WhenAll(waits);
        cancellationToken.ThrowIfCancellationRequested();
        return Array.Find(failures, f => f is not null);
    }

    /// <summary>True for an instance that runs and is known to be ready: nothing has to be done for it.</summary>
    private async Task<bool> LookAsync(DesiredService service, RolloutSlot slot, RolloutWork work, CancellationToken cancellationToken)
    {
        if (slot.State != InstanceStatus.Running) return false;
        var container = await containers.InspectAsync(slot.Existing!.ID, cancellationToken);
        if (container?.State is not { Running: true, Restarting: false } || !(service.Readiness is null || memory.IsReady(container))) return false;
        work.Ready[slot.Index] = container;
        return true;
    }

    private async Task<string> StartAsync(EnvironmentScope scope, DesiredService service, RolloutSlot slot, RolloutWork work, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        if (slot.Existing is { } existing)
        {
            if (slot.State == InstanceStatus.Running) return existing.ID;
            // Created but never started: the attempt before us died in between, perhaps before the files were there.
            if (slot.State == InstanceStatus.Created) await containers.PutFilesAsync(existing.ID, service.Files, cancellationToken);
            await rollout.StartingAsync(DockerView.Instance(existing), cancellationToken);
            if (slot.State == InstanceStatus.Paused) await docker.CallAsync(client => client.Containers.UnpauseContainerAsync(existing.ID, cancellationToken), cancellationToken);
            else await containers.StartAsync(existing.ID, service.Name, cancellationToken);
            work.Restarted[slot.Index] = DockerView.Name(existing);
            return existing.ID;
        }

        var request = DockerSpec.Instance(scope, service, slot.Index, publishProbePort: !docker.Endpoint.IsLocalLinux);
        var id = await containers.CreateAsync(request, cancellationToken);
        work.Created[slot.Index] = request.Name!;
        work.CreatedIds[slot.Index] = id;
        await containers.PutFilesAsync(id, service.Files, cancellationToken);
        await rollout.StartingAsync(new ObservedInstance(id, request.Name!, service.Name, service.Hash, InstanceStatus.Created, false, 0, scope.Commit, null, null, []), cancellationToken);
        await containers.StartAsync(id, service.Name, cancellationToken);
        return id;
    }

    private async Task<Failure?> WaitAsync(DesiredService service, RolloutSlot slot, string id, DeathWatch watch, RolloutWork work, IServiceRollout rollout, CancellationTokenSource firstFailure)
    {
        try
        {
            var waited = await waiter.WaitAsync(service, id, watch, firstFailure.Token);
            if (waited.Container is not null)
            {
                work.Ready[slot.Index] = waited.Container;
                await rollout.ProgressAsync(work.Progress(service.Replicas), firstFailure.Token);
                return null;
            }

            var evidence = await outputs.TailAsync(id, EvidenceLines, firstFailure.Token);
            await firstFailure.CancelAsync();
            return new Failure(
                $"{service.Name} {waited.Problem}.",
                evidence.Length > 0 ? evidence : null,
                evidence.Length > 0
                    ? "Its last lines usually say what is missing. The version before keeps serving if there was one."
                    : "It printed nothing. Check its command, its port and its readiness_probe in the template.")
            {
                Clues = waited.Clues,
            };
        }
        catch (OperationCanceledException) when (firstFailure.IsCancellationRequested)
        {
            // Another instance failed, or the caller gave up and will see to it.
            return null;
        }
    }

    private async Task StopFirstAsync(ContainerListResponse old, RolloutWork work, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        await rollout.DrainAsync(DockerView.Instance(old), cancellationToken);
        work.StoppedFirst.Add(old);
        await containers.StopAsync(old.ID, null, cancellationToken);
    }

    private async Task<string> RetireAsync(ContainerListResponse old, RolloutWork work, IServiceRollout rollout, CancellationToken cancellationToken)
    {
        if (IsUp(old) && !work.StoppedFirst.Contains(old))
        {
            await rollout.DrainAsync(DockerView.Instance(old), cancellationToken);
            await containers.StopAsync(old.ID, null, cancellationToken);
        }

        await containers.RemoveAsync(old.ID, cancellationToken);
        memory.Forget(old.ID);
        return DockerView.Name(old);
    }

    /// <summary>Takes back what was begun, on tokens of its own: the caller's may be the one that was canceled.</summary>
    private async Task UndoAsync(RolloutPlan plan, RolloutWork work, string? servedHash)
    {
        var back = plan.Return(servedHash, [.. work.StoppedFirst]);
        // Not ready ones that an attempt before us left behind go too, if there is a version before that serves. On a volume ready ones go as well: it belongs to the version that comes back.
        var leftovers = back.Count > 0 || plan.Old.Any(IsUp)
            ? plan.Slots.Where(s => s.Existing is not null && ((plan.Volume && back.Count > 0) || !work.Ready.ContainsKey(s.Index))).Select(s => s.Existing!.ID)
            : [];
        await Task.WhenAll(work.CreatedIds.Values.Concat(leftovers).Distinct().Select(id => TryAsync(token => containers.RemoveAsync(id, token))));
        await Task.WhenAll(back.Select(old => TryAsync(token => containers.StartAsync(old.ID, DockerView.Name(old), token))));
    }

    /// <summary>The reason that brought us here is the one to tell; what is left is found by label next time. One step that fails is no reason to leave out the others.</summary>
    private static async Task TryAsync(Func<CancellationToken, Task> step)
    {
        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            await step(limit.Token);
        }
        catch (Exception problem) when (problem is EngineUnavailableException or EngineException or OperationCanceledException or global::Docker.DotNet.DockerApiException)
        {
            // See above.
        }
    }

    private static bool IsUp(ContainerListResponse container) => DockerView.Status(container.State) is InstanceStatus.Running or InstanceStatus.Restarting or InstanceStatus.Paused;
}
