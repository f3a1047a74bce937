using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines;

/// <summary>The words every engine uses for what a rollout changed: one item for the service, then one for each instance that came or went.</summary>
internal static class RolloutReceipt
{
    public static IReadOnlyList<ReceiptItem> Describe(string service, int replicas, IReadOnlyList<string> created, IReadOnlyList<string> restarted, IReadOnlyList<string> removed)
    {
        var action = (created.Count, restarted.Count, removed.Count) switch
        {
            (0, 0, 0) => ReceiptAction.Kept,
            ( > 0, _, > 0) => ReceiptAction.Replaced,
            ( > 0, _, 0) => ReceiptAction.Created,
            _ => ReceiptAction.Kept,
        };
        var detail = new List<string> { replicas == 1 ? "1 instance" : $"{replicas} instances" };
        if (restarted.Count > 0) detail.Add($"{restarted.Count} started again");
        return
        [
            new ReceiptItem(action, "service", service, string.Join(", ", detail)),
            .. created.Select(name => new ReceiptItem(ReceiptAction.Created, "instance", name)),
            .. restarted.Select(name => new ReceiptItem(ReceiptAction.Kept, "instance", name, "started again")),
            .. removed.Select(name => new ReceiptItem(ReceiptAction.Removed, "instance", name)),
        ];
    }
}
