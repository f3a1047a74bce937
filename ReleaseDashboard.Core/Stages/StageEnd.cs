using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>How a stage ends other than well: said in the log, recorded, and returned as a value.</summary>
internal static class StageEnd
{
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

    public static async Task<RunResult> CancelAsync(TaskLog log, StepBoard? board, ReceiptBook receipts, RunCancellation cancellation)
    {
        using var patience = cancellation.CleanUp();
        await log.SayAsync("Canceled on request. The receipt shows what was done until then.", patience.Token);
        board?.CancelRest("canceled");
        if (board is not null) await board.FlushAsync(patience.Token);
        return RunResult.Canceled(receipts.Close());
    }

    /// <summary>Records how far it came, best effort: what must be relied on later was flushed where it happened, and a lost run writes nothing more.</summary>
    public static async Task CloseAsync(StepBoard? board, RunCancellation cancellation)
    {
        if (board is null) return;
        using var patience = cancellation.CleanUp();
        await board.FlushAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await board.DisposeAsync();
    }
}
