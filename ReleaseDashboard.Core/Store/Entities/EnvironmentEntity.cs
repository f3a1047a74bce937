using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store.Entities;

/// <summary>Kept when the environment is removed: its id is never given again, its history stays readable.</summary>
internal sealed class EnvironmentEntity
{
    public long Number { get; set; }
    public required string Id { get; set; }
    public required string Application { get; set; }
    public EnvironmentKind Kind { get; set; }
    public required string Branch { get; set; }
    public bool FollowsTag { get; set; }
    public EnvironmentPhase Phase { get; set; }
    public HealthStatus Health { get; set; }
    public SyncStatus Sync { get; set; }

    /// <summary>JSON list of <see cref="DriftItem"/>.</summary>
    public required string Drift { get; set; }
    public bool SetupSucceeded { get; set; }
    public int SavedDefault { get; set; }
    public int SavedSpecific { get; set; }
    public int? AppliedDefault { get; set; }
    public int? AppliedSpecific { get; set; }
    public string? Commit { get; set; }
    public long? BuildId { get; set; }

    /// <summary>Encrypted JSON of the parameters given when it was made.</summary>
    public string? Parameters { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RemovedAt { get; set; }
}
