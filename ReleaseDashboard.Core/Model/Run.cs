namespace ReleaseDashboard.Core.Model;

/// <summary>One execution of one stage: a durable row that a worker claims.</summary>
/// <param name="Environment">Null for a build.</param>
/// <param name="BuildId">The build it makes, or the build whose images it deploys.</param>
/// <param name="Workflow">Name of the custom workflow, for <see cref="Stage.Workflow"/>.</param>
/// <param name="Attempt">Rises with every claim; <c>(Id, Attempt)</c> is the fencing token of every write.</param>
/// <param name="LockKey">At most one run with the same key is running: <c>environment:{id}</c>, <c>build:{application}:{commit}:{specHash}</c>.</param>
/// <param name="AfterRunId">Starts only when that run has succeeded.</param>
/// <param name="Waiting">While queued or held up: what it waits for, in a sentence.</param>
public sealed record Run(
    long Id,
    Stage Stage,
    string Application,
    string? Environment,
    long? DeploymentId,
    long? BuildId,
    string? Commit,
    string? Workflow,
    RunStatus Status,
    int Attempt,
    string LockKey,
    long? AfterRunId,
    string Trigger,
    string Actor,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    bool CancelRequested,
    string? Waiting,
    Failure? Failure,
    Receipt? Receipt)
{
    /// <summary>Name of the run's log in the log store.</summary>
    public string LogId => $"run-{Id}";
}

/// <summary>A step of a workflow as it was carried out.</summary>
public sealed record RunStep(string Name, RunStatus Status, IReadOnlyList<RunTask> Tasks);

/// <summary>A task of a step.</summary>
/// <param name="Name"><c>services.web</c>, <c>jobs.migrate</c>, <c>images.web</c> for a build.</param>
/// <param name="FirstLine">First line of the run's log that belongs to it; null while it has none.</param>
/// <param name="Detail">What it does now or how it ended: "waiting for readiness (2 of 3 ready)".</param>
public sealed record RunTask(
    string Name,
    RunStatus Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long? FirstLine,
    long? LastLine,
    string? Detail);

/// <summary>Something a run did that somebody should mend, though it did not fail by it.</summary>
/// <param name="Kind"><c>secret</c>: a task printed a secret.</param>
/// <param name="Task">As <see cref="RunTask.Name"/>; empty for the run itself.</param>
/// <param name="FirstLine">Line of the log.</param>
/// <param name="Message">What happened, what it means and what to do, for the page.</param>
public sealed record RunFinding(string Kind, string Task, long Count, long FirstLine, string Message);

/// <summary>What a run changed.</summary>
/// <param name="Left">For teardown: objects the engine still has with the environment's label; must be 0. Null elsewhere.</param>
public sealed record Receipt(IReadOnlyList<ReceiptItem> Items, int? Left = null)
{
    public static readonly Receipt Empty = new([]);
}

public enum ReceiptAction
{
    Created,
    Replaced,
    Kept,
    Removed,
    Ran,
}

/// <param name="Kind"><c>network</c>, <c>volume</c>, <c>service</c>, <c>instance</c>, <c>job</c>, <c>image</c>, <c>route</c>, <c>file</c>.</param>
public sealed record ReceiptItem(ReceiptAction Action, string Kind, string Name, string? Detail = null);

/// <summary>How a stage ended. A red build is a result; an exception is our fault or the world's.</summary>
public sealed record RunResult(RunStatus Status, Receipt Receipt, Failure? Failure = null)
{
    public static RunResult Succeeded(Receipt receipt) => new(RunStatus.Succeeded, receipt);
    public static RunResult Failed(Failure failure, Receipt? receipt = null) => new(RunStatus.Failed, receipt ?? Receipt.Empty, failure);
    public static RunResult Canceled(Receipt? receipt = null) => new(RunStatus.Canceled, receipt ?? Receipt.Empty, new Failure("Canceled on request."));
}
