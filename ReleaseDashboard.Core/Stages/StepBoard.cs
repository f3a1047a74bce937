using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// The run's steps and tasks as they are carried out, recorded in the journal: at most twice a second while something changes, and at once where a
/// later attempt must be able to rely on it.
/// </summary>
internal sealed class StepBoard : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<PlannedStep> _steps;
    private readonly Dictionary<string, RunTask> _tasks = [];
    private readonly Dictionary<string, RunTask> _earlier;
    private readonly Dictionary<string, TaskLog> _logs = [];
    private readonly CoalescedWriter _writer;

    public StepBoard(IRunJournal journal, ILogWriter log, IReadOnlyList<PlannedStep> steps, IReadOnlyList<RunStep> earlier, TimeProvider clock)
    {
        (_clock, _steps) = (clock, steps);
        _earlier = earlier.SelectMany(s => s.Tasks).GroupBy(t => t.Name).ToDictionary(g => g.Key, g => g.First());
        _writer = new CoalescedWriter(token => journal.WriteStepsAsync(Snapshot(), token), Interval, clock);
        foreach (var task in steps.SelectMany(s => s.Tasks))
        {
            var before = _earlier.GetValueOrDefault(task.Id);
            _logs[task.Id] = new TaskLog(log, task.Id, before?.FirstLine, _writer.Mark);
            _tasks[task.Id] = new RunTask(task.Id, RunStatus.Queued, null, null, before?.FirstLine, before?.LastLine, null);
        }

        _writer.Mark();
    }

    public TaskLog LogOf(PlannedTask task) => _logs[task.Id];

    /// <summary>How the task ended in an earlier attempt; null when it did not.</summary>
    public RunTask? EndedEarlier(PlannedTask task) =>
        _earlier.GetValueOrDefault(task.Id) is { Status: RunStatus.Succeeded or RunStatus.Failed } ended ? ended : null;

    public void Restore(PlannedTask task, RunTask ended) => Change(task, _ => ended);

    public void Start(PlannedTask task)
    {
        var started = _earlier.GetValueOrDefault(task.Id)?.StartedAt ?? _clock.GetUtcNow();
        Change(task, t => t with { Status = RunStatus.Running, StartedAt = started });
    }

    public void Detail(PlannedTask task, string detail) => Change(task, t => t with { Detail = detail });

    public void Finish(PlannedTask task, RunStatus status, string? detail) =>
        Change(task, t => t with { Status = status, FinishedAt = _clock.GetUtcNow(), Detail = detail });

    /// <summary>Everything that has not ended will not be done any more.</summary>
    public void CancelRest(IEnumerable<PlannedTask> tasks, string detail)
    {
        foreach (var task in tasks)
        {
            Change(task, t => t.Status.IsFinal() ? t : t with
            {
                Status = RunStatus.Canceled,
                Detail = detail,
                FinishedAt = t.StartedAt is null ? null : _clock.GetUtcNow(),
            });
        }
    }

    public void CancelRest(string detail) => CancelRest(_steps.SelectMany(s => s.Tasks), detail);

    public Task FlushAsync(CancellationToken cancellationToken) => _writer.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal IReadOnlyList<RunStep> Snapshot()
    {
        lock (_lock)
        {
            return [.. _steps.Select(step =>
            {
                var tasks = step.Tasks.Select(t => WithLines(_tasks[t.Id])).ToList();
                return new RunStep(step.Name, StatusOf(tasks), tasks);
            })];
        }
    }

    private RunTask WithLines(RunTask task)
    {
        var (first, last) = _logs[task.Name].Lines;
        return task with { FirstLine = first ?? task.FirstLine, LastLine = Later(last, task.LastLine) };
    }

    private static long? Later(long? a, long? b) => a is null || b > a ? b : a;

    private void Change(PlannedTask task, Func<RunTask, RunTask> change)
    {
        lock (_lock) _tasks[task.Id] = change(_tasks[task.Id]);
        _writer.Mark();
    }

    private static RunStatus StatusOf(List<RunTask> tasks)
    {
        if (tasks.TrueForAll(t => t.Status == RunStatus.Queued)) return RunStatus.Queued;
        if (!tasks.TrueForAll(t => t.Status.IsFinal())) return RunStatus.Running;
        if (tasks.Exists(t => t.Status == RunStatus.Failed)) return RunStatus.Failed;
        return tasks.Exists(t => t.Status == RunStatus.Canceled) ? RunStatus.Canceled : RunStatus.Succeeded;
    }
}
