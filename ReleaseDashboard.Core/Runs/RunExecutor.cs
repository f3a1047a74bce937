using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// Carries out one claimed run from its log's first line to its result. The places where the process may die, and what then happens:
/// (1) before the result is written: the next attempt is claimed and the runner does what is left; (2) after the result, before the log is
/// ended: the next start ends the log.
/// </summary>
internal sealed class RunExecutor(
    IRunStore store,
    IJournalStore journals,
    ILogStore logs,
    RunSecrets secrets,
    IEnumerable<IStageRunner> runners,
    EngineWait engineWait,
    IStorageGuard storage,
    LeaseKeeper keeper,
    IChangeFeed feed,
    TimeProvider time,
    ILogger<RunExecutor> logger)
{
    /// <summary>For what has to be written after the work was told to end.</summary>
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(20);

    /// <summary>Never throws.</summary>
    public async Task ExecuteAsync(ActiveRun active)
    {
        using var ended = new CancellationTokenSource();
        var keeping = keeper.KeepAsync(active, ended.Token);
        try
        {
            await WithLogAsync(active);
        }
        catch (Exception problem)
        {
            // The result could not be written. The lease runs out, or the next start takes over, and the run is carried on.
            logger.LogError(problem, "Run {Run} could not be ended; it will be carried on", active.Run.Id);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
        }
    }

    private async Task WithLogAsync(ActiveRun active)
    {
        var run = active.Run;
        ILogWriter log;
        try
        {
            // Not the run's own token: a run that was canceled while it waited to be carried on starts with that one ended, and still cleans up.
            using var limit = new CancellationTokenSource(AfterTheEnd, time);
            log = new FindingNews(logs.OpenWriter(run.LogId, await secrets.OfAsync(run, limit.Token)), () => feed.Publish(ChangeKeys.Run(run.Id)));
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Its former attempt is still letting go, or the disk does not take a log now.
            logger.LogWarning(problem, "The log of run {Run} cannot be opened now", run.Id);
            await ReleaseAsync(run, storage.Problem ?? "Its log cannot be opened yet; the run starts as soon as it can.", TimeSpan.FromSeconds(3));
            return;
        }

        await using (log)
        {
            var result = await WorkAsync(active, log);
            if (result is null) return;
            await EndAsync(run, log, result);
        }
    }

    /// <summary>Null when the run goes back to the queue, or belongs to somebody else.</summary>
    private async Task<RunResult?> WorkAsync(ActiveRun active, ILogWriter log)
    {
        var run = active.Run;
        try
        {
            using var limit = new CancellationTokenSource(AfterTheEnd, time);
            await SayAsync(log, run.Attempt == 1 ? $"{Name(run)} started, asked for by {(run.Actor == run.Trigger ? $"a {run.Actor}" : $"{run.Actor} ({run.Trigger})")}." : $"Carried on after an interruption, attempt {run.Attempt}.", limit.Token);
            if (runners.FirstOrDefault(r => r.Stages.Contains(run.Stage)) is not { } runner)
                return RunResult.Failed(new Failure($"This installation cannot carry out the stage {run.Stage.Word()}.", Suggestion: "Update the dashboard."));

            var journal = new RunJournal(journals, run.Id, run.Attempt);
            var context = new StageContext(run, log, journal);
            var result = await engineWait.RunAsync(token => runner.RunAsync(context, token), log, journal, active.Work);
            if (result.Status != RunStatus.Canceled || active.Reason is EndReason.None or EndReason.Cancel) return result;
            return await LeaveAsync(active);
        }
        catch (RunLostException)
        {
            logger.LogWarning("Attempt {Attempt} of run {Run} lost the run to another", run.Attempt, run.Id);
            return null;
        }
        catch (OperationCanceledException) when (active.Work.IsCancellationRequested)
        {
            return active.Reason == EndReason.Cancel ? RunResult.Canceled() : await LeaveAsync(active);
        }
        catch (Exception problem) when (problem is StorageFullException or IOException && storage.Problem is not null)
        {
            logger.LogError(problem, "Run {Run} waits: the disk is full", run.Id);
            await ReleaseAsync(run, storage.Problem, TimeSpan.FromSeconds(5));
            return null;
        }
        catch (Exception problem) when (active.Reason is EndReason.Stop or EndReason.Lost)
        {
            // What the end of the process tears apart is no result.
            logger.LogInformation(problem, "Run {Run} was left", run.Id);
            return await LeaveAsync(active);
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "Run {Run} failed unexpectedly", run.Id);
            return RunResult.Failed(new Failure(
                $"The dashboard could not carry out the {run.Stage.Word()}: {problem.Message}",
                problem.GetType().Name,
                (problem as EngineException)?.Suggestion ?? "Run it again; if it happens again, the dashboard's own log has the details."));
        }
    }

    private async Task<RunResult?> LeaveAsync(ActiveRun active)
    {
        if (active.Reason == EndReason.Stop) await ReleaseAsync(active.Run, "The dashboard was stopped; the run is carried on when it starts again.", null);
        return null;
    }

    private async Task ReleaseAsync(Run run, string? waiting, TimeSpan? pause)
    {
        using var limit = new CancellationTokenSource(AfterTheEnd, time);
        await store.ReleaseAsync(run.Id, run.Attempt, waiting, pause is { } wait ? time.GetUtcNow() + wait : null, limit.Token);
    }

    private async Task EndAsync(Run run, ILogWriter log, RunResult result)
    {
        using var limit = new CancellationTokenSource(AfterTheEnd, time);
        try
        {
            var said = result.Failure is { } failure && result.Status == RunStatus.Failed ? $": {failure.Summary}" : ".";
            await SayAsync(log, $"{Name(run)} {Ended(result.Status)}{said}", limit.Token);
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException)
        {
            // The result matters more than the line that says so.
            logger.LogWarning(problem, "The last line of run {Run} could not be written", run.Id);
        }

        if (await store.FinishAsync(run.Id, run.Attempt, result, limit.Token)) log.Complete();
        else logger.LogWarning("The result of attempt {Attempt} of run {Run} came too late", run.Attempt, run.Id);
    }

    private static ValueTask<long> SayAsync(ILogWriter log, string text, CancellationToken cancellationToken) => log.WriteAsync(LogSource.Sys, "", text, cancellationToken);

    private static string Name(Run run) => run.Stage switch
    {
        Stage.Build => $"Build {run.BuildId} of {run.Application}",
        Stage.Workflow => $"Workflow {run.Workflow} of {run.Environment}",
        _ => $"{char.ToUpperInvariant(run.Stage.Word()[0])}{run.Stage.Word()[1..]} of {run.Environment}",
    };

    private static string Ended(RunStatus status) => status switch
    {
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        _ => "was canceled",
    };
}
