using MudBlazor;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Environments;

/// <summary>A line of the plan as a person reads it.</summary>
internal sealed record PlanLine(string Icon, string Tone, string Text, string Reason);

internal static class PlanLines
{
    /// <summary>Changes one by one; what stays is one line at the end.</summary>
    public static IReadOnlyList<PlanLine> Of(Plan plan)
    {
        var lines = plan.Actions.Where(a => a.Kind != PlanActionKind.KeepService).Select(Line).ToList();
        var kept = plan.Actions.Where(a => a.Kind == PlanActionKind.KeepService).Select(a => a.Subject).Distinct().ToList();
        if (lines.Count == 0) lines.Add(new(Icons.Material.Filled.CheckCircle, "good", "Nothing to change", "everything is as it should be"));
        if (kept.Count > 0) lines.Add(new(Icons.Material.Outlined.LockClock, "idle", $"Keep {string.Join(", ", kept)}", "not touched, no restart"));
        return lines;
    }

    private static PlanLine Line(PlanAction action) => action.Kind switch
    {
        PlanActionKind.CreateSpace => new(Icons.Material.Outlined.Hub, "good", "Create the network", action.Reason),
        PlanActionKind.CreateVolume => new(Icons.Material.Outlined.Storage, "good", $"Create volume {action.Subject}", action.Reason),
        PlanActionKind.CreateService => new(Icons.Material.Outlined.AddCircle, "good", $"Start {action.Subject}", action.Reason),
        PlanActionKind.ReplaceService => new(Icons.Material.Outlined.SwapHoriz, "busy", $"Swap {action.Subject}", Join(action.Reason, "the old one serves until the new one is ready")),
        PlanActionKind.ScaleService => new(Icons.Material.Outlined.UnfoldMore, "busy", $"Scale {action.Subject}", action.Reason),
        PlanActionKind.RepairService => new(Icons.Material.Outlined.Build, "wait", $"Repair {action.Subject}", action.Reason),
        PlanActionKind.RemoveService => new(Icons.Material.Outlined.RemoveCircle, "bad", $"Remove {action.Subject}", action.Reason),
        PlanActionKind.RunJob => new(Icons.Material.Outlined.PlayCircle, "busy", $"Run job {action.Subject}", action.Reason),
        PlanActionKind.Route => new(Icons.Material.Outlined.Link, "good", $"Route {action.Subject}", action.Reason),
        PlanActionKind.StopService => new(Icons.Material.Outlined.PauseCircle, "wait", $"Stop {action.Subject}", action.Reason),
        PlanActionKind.RemoveEnvironment => new(Icons.Material.Outlined.DeleteForever, "bad", $"Remove everything of {action.Subject}", action.Reason),
        _ => new(Icons.Material.Outlined.Circle, "idle", $"{action.Kind} {action.Subject}", action.Reason),
    };

    private static string Join(string reason, string more) => reason.Length == 0 ? more : $"{reason}; {more}";
}
