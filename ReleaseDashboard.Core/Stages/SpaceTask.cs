using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>The ground an environment stands on: its space and its volumes, all at the same time. Setup only.</summary>
internal static class SpaceTask
{
    public static async Task<TaskResult> EnsureAsync(EnvironmentWork work, TaskLog log, CancellationToken cancellationToken)
    {
        List<Task<ReceiptItem>> running = [SpaceAsync(work, log, cancellationToken), .. work.Desired.Volumes.Select(v => VolumeAsync(work, v, log, cancellationToken))];
        var items = await Task.WhenAll(running);
        work.Receipts.Add(items);
        var created = items.Count(i => i.Action == ReceiptAction.Created);
        return TaskResult.Succeeded(created == 0 ? "network and volumes are there" : $"{created} created");
    }

    private static async Task<ReceiptItem> SpaceAsync(EnvironmentWork work, TaskLog log, CancellationToken cancellationToken)
    {
        var created = !work.Observed.HasSpace && await work.Tools.Engine.EnsureSpaceAsync(work.Scope, cancellationToken);
        if (created) await log.SayAsync("network created", cancellationToken);
        return new ReceiptItem(created ? ReceiptAction.Created : ReceiptAction.Kept, "network", work.Scope.Environment);
    }

    private static async Task<ReceiptItem> VolumeAsync(EnvironmentWork work, DesiredVolume volume, TaskLog log, CancellationToken cancellationToken)
    {
        var created = !work.Observed.Volumes.Contains(volume.Name) && await work.Tools.Engine.EnsureVolumeAsync(work.Scope, volume, cancellationToken);
        if (created) await log.SayAsync($"volume {volume.Name} created", cancellationToken);
        return new ReceiptItem(created ? ReceiptAction.Created : ReceiptAction.Kept, "volume", volume.Name, created ? null : "data kept");
    }
}
