using MudBlazor;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Shared;

/// <summary>How a state is shown: always an icon, a tone and a word together.</summary>
/// <param name="Tone">Suffix of the css class: <c>good</c>, <c>bad</c>, <c>busy</c>, <c>wait</c>, <c>idle</c>.</param>
public sealed record Look(string Icon, string Tone, string Word)
{
    /// <summary>Not there because the environment is paused: nothing is wrong.</summary>
    public static readonly Look Stopped = new(Icons.Material.Outlined.PauseCircle, "idle", "Stopped");

    public static Look Of(Enum value) => value switch
    {
        RunStatus.Queued => new(Icons.Material.Outlined.Schedule, "wait", "Waiting"),
        RunStatus.Running => new(Icons.Material.Outlined.Adjust, "busy", "Running"),
        RunStatus.Succeeded => new(Icons.Material.Filled.CheckCircle, "good", "Succeeded"),
        RunStatus.Failed => new(Icons.Material.Filled.Cancel, "bad", "Failed"),
        RunStatus.Canceled => new(Icons.Material.Outlined.Block, "idle", "Canceled"),
        RunStatus.Superseded => new(Icons.Material.Outlined.FastForward, "idle", "Superseded"),
        EnvironmentPhase.Pending => new(Icons.Material.Outlined.Schedule, "wait", "Pending"),
        EnvironmentPhase.SettingUp => new(Icons.Material.Outlined.Adjust, "busy", "Setting up"),
        EnvironmentPhase.Ready => new(Icons.Material.Filled.CheckCircle, "good", "Ready"),
        EnvironmentPhase.Patching => new(Icons.Material.Outlined.Adjust, "busy", "Patching"),
        EnvironmentPhase.TearingDown => new(Icons.Material.Outlined.Adjust, "busy", "Tearing down"),
        EnvironmentPhase.Removed => new(Icons.Material.Outlined.DeleteOutline, "idle", "Removed"),
        EnvironmentPhase.Failed => new(Icons.Material.Filled.Cancel, "bad", "Failed"),
        EnvironmentPhase.Paused => new(Icons.Material.Outlined.PauseCircle, "idle", "Paused"),
        HealthStatus.Healthy => new(Icons.Material.Filled.CheckCircle, "good", "Healthy"),
        HealthStatus.Progressing => new(Icons.Material.Outlined.Adjust, "busy", "Starting"),
        HealthStatus.Degraded => new(Icons.Material.Filled.Warning, "wait", "Degraded"),
        HealthStatus.Missing => new(Icons.Material.Filled.Cancel, "bad", "Missing"),
        HealthStatus.Unknown => new(Icons.Material.Outlined.HelpOutline, "idle", "Unknown"),
        SyncStatus.InSync => new(Icons.Material.Filled.CheckCircle, "good", "In sync"),
        SyncStatus.OutOfSync => new(Icons.Material.Filled.Warning, "wait", "Out of sync"),
        InstanceStatus.Running => new(Icons.Material.Filled.CheckCircle, "good", "Running"),
        InstanceStatus.Created => new(Icons.Material.Outlined.Schedule, "wait", "Created"),
        InstanceStatus.Restarting => new(Icons.Material.Filled.Warning, "wait", "Restarting"),
        InstanceStatus.Paused => new(Icons.Material.Outlined.PauseCircle, "idle", "Paused"),
        InstanceStatus.Exited => new(Icons.Material.Filled.Cancel, "bad", "Exited"),
        _ => new(Icons.Material.Outlined.HelpOutline, "idle", value.ToString()),
    };
}
