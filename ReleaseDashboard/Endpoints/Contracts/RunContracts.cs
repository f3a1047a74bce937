using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Endpoints.Contracts;

internal sealed record StageJson(string Stage, string Status, string RunId, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

internal sealed record DeploymentJson(
    string Id,
    string Environment,
    string Application,
    string Status,
    string Trigger,
    string Actor,
    string? Commit,
    string? BuildId,
    IReadOnlyList<StageJson> Stages,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailureJson? Failure)
{
    public static DeploymentJson From(Deployment d) => new(
        d.Id.ToString(), d.Environment, d.Application, d.Status.Word(), d.Trigger, d.Actor, d.Commit, d.BuildId?.ToString(),
        [.. d.Stages.Select(s => new StageJson(s.Stage.Word(), s.Status.Word(), s.RunId.ToString(), s.QueuedAt, s.StartedAt, s.FinishedAt))],
        d.CreatedAt, d.FinishedAt, FailureJson.From(d.Failure));
}

internal sealed record TaskJson(string Name, string Status, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long? FirstLine, long? LastLine, string? Detail);

internal sealed record StepJson(string Name, string Status, IReadOnlyList<TaskJson> Tasks);

internal sealed record ReceiptItemJson(string Action, string Kind, string Name, string? Detail);

/// <param name="Left">After a teardown: objects the engine still has; 0 when all is gone.</param>
internal sealed record ReceiptJson(IReadOnlyList<ReceiptItemJson> Items, int? Left)
{
    public static ReceiptJson? From(Receipt? r) =>
        r is null ? null : new([.. r.Items.Select(i => new ReceiptItemJson(i.Action.Word(), i.Kind, i.Name, i.Detail))], r.Left);
}

/// <param name="Kind"><c>secret</c>: a task printed a secret.</param>
/// <param name="Task">Empty for the run itself.</param>
internal sealed record FindingJson(string Kind, string Task, long Count, long FirstLine, string Message);

internal sealed record RunJson(
    string Id,
    string Stage,
    string Status,
    int Attempt,
    string Application,
    string? Environment,
    string? DeploymentId,
    string? BuildId,
    string? Commit,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Waiting,
    IReadOnlyList<StepJson> Steps,
    IReadOnlyList<FindingJson> Findings,
    ReceiptJson? Receipt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailureJson? Failure)
{
    public static RunJson From(RunView view)
    {
        var r = view.Run;
        return new(
            r.Id.ToString(), r.Stage.Word(), r.Status.Word(), r.Attempt, r.Application, r.Environment, r.DeploymentId?.ToString(), r.BuildId?.ToString(), r.Commit,
            r.QueuedAt, r.StartedAt, r.FinishedAt, r.Waiting, [.. view.Steps.Select(From)],
            [.. (view.Findings ?? []).Select(f => new FindingJson(f.Kind, f.Task, f.Count, f.FirstLine, f.Message))], ReceiptJson.From(r.Receipt), FailureJson.From(r.Failure));
    }

    private static StepJson From(RunStep s) => new(
        s.Name, s.Status.Word(),
        [.. s.Tasks.Select(t => new TaskJson(t.Name, t.Status.Word(), t.StartedAt, t.FinishedAt, t.FirstLine, t.LastLine, t.Detail))]);
}

/// <param name="Position">1 is next; 0 when running or ended.</param>
/// <param name="WaitsFor">What it waits for, in a sentence.</param>
internal sealed record QueueRowJson(
    string RunId,
    string Stage,
    string Status,
    string Application,
    string? Environment,
    string? DeploymentId,
    string? BuildId,
    int Position,
    string? WaitsFor,
    string? HolderRunId,
    double? ExpectedWaitSeconds,
    double? TypicalSeconds,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    public static QueueRowJson From(QueueRow row)
    {
        var r = row.Run;
        return new(
            r.Id.ToString(), r.Stage.Word(), r.Status.Word(), r.Application, r.Environment, r.DeploymentId?.ToString(), r.BuildId?.ToString(),
            row.Position, row.WaitsFor, row.HolderRunId?.ToString(), row.ExpectedWait?.TotalSeconds, row.Typical?.TotalSeconds,
            r.QueuedAt, r.StartedAt, r.FinishedAt);
    }
}

/// <param name="Slots">Runs that may go on at the same time.</param>
internal sealed record QueueJson(int Slots, IReadOnlyList<QueueRowJson> Running, IReadOnlyList<QueueRowJson> Waiting, IReadOnlyList<QueueRowJson> Recent)
{
    public static QueueJson From(QueueView q) =>
        new(q.Slots, [.. q.Running.Select(QueueRowJson.From)], [.. q.Waiting.Select(QueueRowJson.From)], [.. q.Recent.Select(QueueRowJson.From)]);
}

internal sealed record ActivityJson(string Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Link);

internal sealed record NewTokenJson(string Name);

/// <param name="CreatedAt">Null when the activity does not say any more.</param>
/// <param name="LastUsedAt">Since the dashboard started; null when it was not used since.</param>
/// <param name="ExpiresAt">Null never.</param>
internal sealed record TokenRowJson(string Name, DateTimeOffset? CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt);

/// <param name="Token">Shown this once; only its hash is kept.</param>
internal sealed record TokenJson(string Name, string Token);
