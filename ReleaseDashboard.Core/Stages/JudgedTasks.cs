using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Verdicts;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Says of each task that fails why: one sentence and the line that proves it.</summary>
internal sealed class JudgedTasks(ITaskPerformer inner, ILogStore logs, Run run) : ITaskPerformer
{
    /// <summary>Lines at the end of what the task wrote that are looked at; those of its neighbours in between count too.</summary>
    private const int Window = 500;

    public async Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        TaskResult result;
        try
        {
            result = await inner.PerformAsync(task, log, cancellationToken);
        }
        catch (EngineException e)
        {
            var line = await log.SayAsync(e.Message, cancellationToken);
            result = TaskResult.Failed(new Failure(e.Message, null, e.Suggestion, line) { Clues = new FailureClues { EngineError = e.Message } });
        }
        return await JudgeAsync(task, log.Lines.Last, result, cancellationToken);
    }

    public async Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken) =>
        await inner.RestoreAsync(task, ended, cancellationToken) is { } result ? await JudgeAsync(task, ended.LastLine, result, cancellationToken) : null;

    private async Task<TaskResult> JudgeAsync(PlannedTask task, long? last, TaskResult result, CancellationToken cancellationToken) =>
        result.Failure is { } failure ? result with { Failure = Apply(failure, Judge.Say(await FactsAsync(task.Id, last, failure, cancellationToken))) } : result;

    /// <summary>Lines as they stand in the log: without secrets.</summary>
    internal async Task<FailureFacts> FactsAsync(string task, long? last, Failure failure, CancellationToken cancellationToken)
    {
        var lines = new List<FactLine>();
        if (last is { } end)
        {
            var from = Math.Max(1, end - Window + 1);
            var batch = await logs.ReadAsync(run.LogId, from, (int)(end - from + 1), cancellationToken);
            lines.AddRange(batch.Lines.Where(l => l.Task == task).Select(l => new FactLine(l.Number, l.Text, LineMarks.Of(l.Text) == LineMark.Error, l.Source != LogSource.Sys)));
        }
        return new FailureFacts(run.Stage, task, failure.Summary, failure.Clues ?? new FailureClues(), lines);
    }

    /// <summary>Where no rule knows better, what was known stays.</summary>
    internal static Failure Apply(Failure failure, Verdict verdict) => failure with
    {
        Summary = verdict.Summary,
        Evidence = verdict.Evidence ?? failure.Evidence,
        Line = verdict.Line ?? failure.Line,
        Suggestion = verdict.Rule == VerdictRules.Unknown ? failure.Suggestion ?? verdict.Suggestion : verdict.Suggestion,
        Rule = verdict.Rule,
    };
}
