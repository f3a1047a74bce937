using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store.Entities;

internal sealed class DeploymentEntity
{
    public long Id { get; set; }
    public required string Environment { get; set; }
    public required string Application { get; set; }
    public RunStatus Status { get; set; }
    public required string Trigger { get; set; }
    public required string Actor { get; set; }
    public string? Commit { get; set; }
    public long? BuildId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public string? Failure { get; set; }
}

/// <summary>A stage of a deployment is a run; a build's run may be a stage of many deployments.</summary>
internal sealed class DeploymentStageEntity
{
    public long DeploymentId { get; set; }
    public int Position { get; set; }
    public Stage Stage { get; set; }
    public long RunId { get; set; }
}
