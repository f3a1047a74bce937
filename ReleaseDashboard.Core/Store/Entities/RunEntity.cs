using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store.Entities;

internal sealed class RunEntity
{
    public long Id { get; set; }
    public Stage Stage { get; set; }
    public required string Application { get; set; }
    public string? Environment { get; set; }
    public long? DeploymentId { get; set; }
    public long? BuildId { get; set; }
    public string? Commit { get; set; }
    public string? Workflow { get; set; }
    public RunStatus Status { get; set; }
    public int Attempt { get; set; }
    public required string LockKey { get; set; }
    public long? AfterRunId { get; set; }
    public required string Trigger { get; set; }
    public required string Actor { get; set; }
    public DateTimeOffset QueuedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public DateTimeOffset? CancelRequestedAt { get; set; }
    public string? Waiting { get; set; }
    public string? Failure { get; set; }
    public string? Receipt { get; set; }

    public string? LeaseOwner { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>How often its worker was lost. Orderly stops do not count.</summary>
    public int Rescues { get; set; }

    /// <summary>Phase of the environment when the run first started: what it goes back to.</summary>
    public EnvironmentPhase? PhaseBefore { get; set; }
}

/// <summary>Beside the run, because it is written often and lists do not want it.</summary>
internal sealed class RunStepsEntity
{
    public long RunId { get; set; }

    /// <summary>JSON list of <see cref="RunStep"/>.</summary>
    public required string Steps { get; set; }
}
