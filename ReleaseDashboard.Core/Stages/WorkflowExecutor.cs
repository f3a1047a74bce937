using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <param name="AfterRecorded">Done once the result is in the journal; done again by a later attempt, so it must be repeatable.</param>
/// <param name="Halts">The failure ends the workflow whatever its step says.</param>
internal sealed record TaskResult(RunStatus Status, string? Detail, Failure? Failure = null, bool Halts = false, Func<CancellationToken, Task>? AfterRecorded = null)
{
    public static TaskResult Succeeded(string? detail = null) => new(RunStatus.Succeeded, detail);
    public static TaskResult Failed(Failure failure, bool halts = false) => new(RunStatus.Failed, failure.Summary, failure, halts);
}

/// <param name="Halted">Later steps were left out.</param>
internal sealed record WorkflowResult(IReadOnlyList<Failure> Failures, bool Halted)
{
    public bool Succeeded => Failures.Count == 0;

    /// <summary>The first failure; when the workflow went on after it, the sentence says so.</summary>
    public Failure? Failure => (Failures, Halted) switch
    {
        ([], _) => null,
        ([var first, ..], true) => first,
        ([var only], false) => only with { Summary = $"Completed with errors: {only.Summary}" },
        ([var first, ..], false) => first with { Summary = $"Completed with errors: {first.Summary} And {Failures.Count - 1} more." },
    };
}

/// <summary>Carries out one task. Throws <see cref="EngineException"/> for a failure it has no better words for.</summary>
internal interface ITaskPerformer
{
    Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken);

    /// <summary>The task ended in an earlier attempt and is not to be done again: tidy up behind it. Null when it is to be done again.</summary>
    Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken);
}

/// <summary>Steps in order, the tasks of a step at the same time.</summary>
/// <param name="ignoreHalts">Every step is run, whatever fails before it.</param>
internal sealed class WorkflowExecutor(StepBoard board, TaskLog runLog, ITaskPerformer performer, bool ignoreHalts = false)
{
    private readonly Lock _lock = new();
    private readonly List<Failure> _failures = [];
    private bool _halted;

    /// <summary>
    /// When a task throws (engine away, run lost, canceled) those beside it are waited for, no further step is started, and the exception is passed on.
    /// A failed task with <c>halt_on_error</c> lets its neighbours end and leaves out the later steps.
    /// </summary>
    public async Task<WorkflowResult> RunAsync(IReadOnlyList<PlannedStep> steps, CancellationToken cancellationToken)
    {
        var unfinished = new List<Task>();
        try
        {
            for (var i = 0; i < steps.Count; i++)
            {
                if (Halted)
                {
                    await LeaveOutAsync(steps.Skip(i), cancellationToken);
                    break;
                }

                var step = steps[i];
                await runLog.SayAsync(Title(step), cancellationToken);
                var running = Task.WhenAll(step.Tasks.Select(t => RunTaskAsync(step, t, cancellationToken)));
                if (step.WaitForFinish) await running;
                else unfinished.Add(running);
            }
        }
        finally
        {
            await Task.WhenAll(unfinished);
        }

        await board.FlushAsync(cancellationToken);
        lock (_lock) return new WorkflowResult([.. _failures], _halted);
    }

    private bool Halted
    {
        get
        {
            lock (_lock) return _halted;
        }
    }

    private async Task RunTaskAsync(PlannedStep step, PlannedTask task, CancellationToken cancellationToken)
    {
        // The first await may complete at once: leave the loop that starts the neighbours first.
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var result = await RestoreAsync(task, cancellationToken) ?? await PerformAsync(task, cancellationToken);
        if (result.Failure is { } failure)
        {
            lock (_lock)
            {
                _failures.Add(failure);
                _halted |= !ignoreHalts && (step.HaltOnError || result.Halts);
            }
        }

        if (result.AfterRecorded is not { } after) return;
        await board.FlushAsync(cancellationToken);
        await after(cancellationToken);
    }

    private async Task<TaskResult?> RestoreAsync(PlannedTask task, CancellationToken cancellationToken)
    {
        if (board.EndedEarlier(task) is not { } ended) return null;
        if (await performer.RestoreAsync(task, ended, cancellationToken) is not { } result) return null;
        board.Restore(task, ended);
        return result;
    }

    private async Task<TaskResult> PerformAsync(PlannedTask task, CancellationToken cancellationToken)
    {
        var log = board.LogOf(task);
        board.Start(task);
        TaskResult result;
        try
        {
            result = await performer.PerformAsync(task, log, cancellationToken);
        }
        catch (EngineException e)
        {
            var line = await log.SayAsync(e.Message, cancellationToken);
            result = TaskResult.Failed(new Failure(e.Message, null, e.Suggestion, line));
        }

        board.Finish(task, result.Status, result.Detail);
        return result;
    }

    private async Task LeaveOutAsync(IEnumerable<PlannedStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await runLog.SayAsync($"Step {step.Name} is left out: the workflow was halted by an error.", cancellationToken);
            board.CancelRest(step.Tasks, "not run: the workflow was halted by an error");
        }
    }

    private static string Title(PlannedStep step) =>
        $"Step {step.Name}: {string.Join(", ", step.Tasks.Select(t => t.Id))}{(step.WaitForFinish ? "" : " (not waited for)")}";
}
