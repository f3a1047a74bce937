using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>How a stage ends other than well: said in the log, recorded, and returned as a value.</summary>
internal static class StageEnd
{
    private const string Canceled = "canceled";

    public static async Task<RunResult> FailAsync(TaskLog log, Failure failure, ReceiptBook receipts, CancellationToken cancellationToken)
    {
        // A failure with a line was said where it happened; its evidence stands there.
        if (failure.Line is null && failure.Evidence is { } evidence)
        {
            foreach (var line in evidence.Split('\n')) await log.SayAsync(line, cancellationToken);
        }

        var number = await log.SayAsync(failure.Summary, cancellationToken);
        return RunResult.Failed(failure.Line is null ? failure with { Line = number } : failure, receipts.Close());
    }

    /// <param name="board">Null when it was canceled before it had one: the steps in the journal are those of the attempt before.</param>
    public static async Task<RunResult> CancelAsync(StageContext context, TaskLog log, StepBoard? board, ReceiptBook receipts, RunCancellation cancellation)
    {
        using var patience = cancellation.CleanUp();
        var done = board is null && context.Run.Attempt > 1 ? "What earlier attempts did stands above." : "The receipt shows what was done until then.";
        await log.SayAsync($"Canceled on request. {done}", patience.Token);
        board?.CancelRest(Canceled);
        if (board is not null) await board.FlushAsync(patience.Token);
        else await CancelEarlierAsync(context.Journal, cancellation.Now, patience.Token);
        return RunResult.Canceled(receipts.Close());
    }

    private static async Task CancelEarlierAsync(IRunJournal journal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var steps = await journal.ReadStepsAsync(cancellationToken);
        if (steps.All(s => s.Status.IsFinal())) return;
        await journal.WriteStepsAsync([.. steps.Select(s => s.Status.IsFinal() ? s : s with { Status = RunStatus.Canceled, Tasks = [.. s.Tasks.Select(t => Cancel(t, now))] })], cancellationToken);
    }

    private static RunTask Cancel(RunTask task, DateTimeOffset now) =>
        task.Status.IsFinal() ? task : task with { Status = RunStatus.Canceled, Detail = Canceled, FinishedAt = task.StartedAt is null ? null : now };

    /// <summary>Records how far it came, best effort: what must be relied on later was flushed where it happened, and a lost run writes nothing more.</summary>
    public static async Task CloseAsync(StepBoard? board, RunCancellation cancellation)
    {
        if (board is null) return;
        using var patience = cancellation.CleanUp();
        await board.FlushAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await board.DisposeAsync();
    }
}
