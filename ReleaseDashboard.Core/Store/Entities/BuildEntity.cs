using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store.Entities;

internal sealed class BuildEntity
{
    public long Id { get; set; }
    public required string Application { get; set; }
    public required string Commit { get; set; }
    public required string Branch { get; set; }
    public required string Author { get; set; }
    public required string Message { get; set; }
    public DateTimeOffset CommittedAt { get; set; }
    public required string SpecHash { get; set; }

    /// <summary>JSON list of <see cref="BuildSpec"/>: what the hash is of. Kept, because a configuration may change while the build waits.</summary>
    public required string Specs { get; set; }
    public RunStatus Status { get; set; }
    public required string Trigger { get; set; }
    public required string Actor { get; set; }
    public long RunId { get; set; }

    /// <summary>Asked for by itself, not only for a deployment: it goes on when the deployments that wait for it are canceled.</summary>
    public bool Standalone { get; set; }

    /// <summary>JSON list of <see cref="BuildImage"/>.</summary>
    public required string Images { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public string? Failure { get; set; }
}

/// <summary>Beside the build, because it is long and lists do not want it.</summary>
internal sealed class BuildProgressEntity
{
    public long BuildId { get; set; }

    /// <summary>JSON list of <see cref="BuildProgress"/>.</summary>
    public required string Progress { get; set; }
}
