using System.Text.Json.Serialization;

namespace ReleaseDashboard.Core.Model;

/// <summary>One request to change an environment.</summary>
/// <param name="Trigger"><c>create</c>, <c>deploy</c>, <c>push</c>, <c>setup</c>, <c>delete</c>, <c>expiry</c>, <c>pause</c>, <c>resume</c>, <c>workflow</c>.</param>
/// <param name="Stages">In the order they run. A build may be shared with other deployments of the same commit.</param>
public sealed record Deployment(
    long Id,
    string Environment,
    string Application,
    RunStatus Status,
    string Trigger,
    string Actor,
    string? Commit,
    long? BuildId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyList<DeploymentStage> Stages,
    Failure? Failure);

public sealed record DeploymentStage(
    Stage Stage,
    RunStatus Status,
    long RunId,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);

/// <summary>Why something failed, for a person at 02:00.</summary>
/// <param name="Summary">One sentence: what happened.</param>
/// <param name="Evidence">The line or lines that prove it.</param>
/// <param name="Suggestion">What to do next.</param>
/// <param name="Line">Line of the run's log the evidence stands on.</param>
/// <param name="Rule">Which rule of <c>docs/verdicts.md</c> found it; null when none was asked.</param>
public sealed record Failure(string Summary, string? Evidence = null, string? Suggestion = null, long? Line = null, string? Rule = null)
{
    /// <summary>What the verdict is made from; not kept.</summary>
    [JsonIgnore]
    public FailureClues? Clues { get; init; }
}
