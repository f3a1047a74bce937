using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary><c>services.x</c>: brings one service to its desired state and waits until it is ready.</summary>
internal static class ServiceTask
{
    public static async Task<TaskResult> ApplyAsync(EnvironmentWork work, PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        if (work.Desired.Services.FirstOrDefault(s => s.Name == task.Subject) is not { } service)
            return TaskResult.Failed(new Failure($"The workflow names the service {task.Subject}, which the template does not have.", null, $"Add the service or take {task.Id} out of the workflow."));
        if (work.IsKept(service)) return await KeepAsync(work, service, log, cancellationToken);

        await work.Images.EnsureAsync(service.Image, service.Built, log, cancellationToken);
        var rollout = new ServiceRollout(work, task, service, log);
        var result = await work.Tools.Engine.ApplyServiceAsync(work.Scope, service, rollout, cancellationToken);
        work.Receipts.Add(result.Changes);
        if (result.Ready)
        {
            var changed = result.Changes.FirstOrDefault(c => c.Kind == "service");
            return TaskResult.Succeeded(changed is null ? $"{service.Replicas} ready" : $"{changed.Action.Word()}, {service.Replicas} ready");
        }

        var failure = result.Failure ?? new Failure($"{service.Name} did not become ready.");
        return TaskResult.Failed(await SayAsync(work, task, log, failure, cancellationToken));
    }

    public static async Task<TaskResult> RemoveAsync(EnvironmentWork work, PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        work.Tools.Routes.Switch(work.Scope.Environment, task.Subject, []);
        var removed = await work.Tools.Engine.RemoveServiceAsync(work.Scope, task.Subject, cancellationToken);
        work.Receipts.Add(new ReceiptItem(ReceiptAction.Removed, "service", task.Subject, "no longer in the template"));
        work.Receipts.Add(removed.Select(name => new ReceiptItem(ReceiptAction.Removed, "instance", name)));
        await log.SayAsync($"{task.Subject}: removed, because the template has it no more", cancellationToken);
        return TaskResult.Succeeded("removed");
    }

    private static async Task<TaskResult> KeepAsync(EnvironmentWork work, DesiredService service, TaskLog log, CancellationToken cancellationToken)
    {
        if (work.Applied.Services.GetValueOrDefault(service.Name) != service.Hash)
        {
            // An earlier attempt ended between "ready" and "written down": what it left undone is done now.
            var instances = work.Observed.Instances.Where(i => i.Service == service.Name).ToList();
            await work.Context.Journal.WriteServiceAppliedAsync(service.Name, service.Hash, cancellationToken);
            work.Tools.RouteUpdates.Switch(work.Scope.Environment, work.RoutesWith(service.Name), service.Name, instances);
        }

        work.Receipts.Add(new ReceiptItem(ReceiptAction.Kept, "service", service.Name));
        await log.SayAsync($"{service.Name}: kept as it is", cancellationToken);
        return TaskResult.Succeeded("kept");
    }

    /// <summary>
    /// What the instance said last goes through the log, which masks secrets, before it becomes evidence. The failure points at the line that says what happened.
    /// </summary>
    private static async Task<Failure> SayAsync(EnvironmentWork work, PlannedTask task, TaskLog log, Failure failure, CancellationToken cancellationToken)
    {
        var lines = failure.Evidence?.TrimEnd('\n').Split('\n') ?? [];
        foreach (var text in lines) await log.WriteAsync(LogSource.Out, text, cancellationToken);
        var evidence = lines.Length == 0 ? null : await Evidence.ReadAsync(work, task.Id, log.Lines.Last, lines.Length, cancellationToken);
        var line = await log.SayAsync(failure.Summary, cancellationToken);
        return failure with
        {
            Evidence = evidence,
            Line = line,
            Suggestion = failure.Suggestion ?? $"Read the last lines of {task.Subject} above, correct it and deploy again. What served before still serves.",
        };
    }
}
