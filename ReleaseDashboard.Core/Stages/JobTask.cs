using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary><c>jobs.y</c>: runs a job to its end, once in a run however often the run is resumed.</summary>
internal static class JobTask
{
    public static async Task<TaskResult> RunAsync(EnvironmentWork work, PlannedTask task, TaskLog log, CancellationToken cancellationToken)
    {
        if (Find(work, task) is not { } job)
            return TaskResult.Failed(new Failure($"The workflow names the job {task.Subject}, which the template does not have.", null, $"Add the job or take {task.Id} out of the workflow."));

        await work.Images.EnsureAsync(job.Image, job.Built, log, cancellationToken);
        var seen = (await work.Tools.Logs.CountTaskLinesAsync(work.Context.Run.LogId, task.Id, cancellationToken)).Printed;
        work.Board.Detail(task, "running");
        var result = await work.Cancellation.GuardAsync(token => work.Tools.Engine.RunJobAsync(work.Scope, job, task.Id, seen, log, token));
        var ended = JobEnd.Say(task, job, result);
        work.Receipts.Add(new ReceiptItem(ReceiptAction.Ran, "job", job.Name, result.TimedOut ? "timed out" : $"exit code {result.ExitCode}, {JobEnd.Seconds(result.Duration)}"));

        // Evidence is what stands before our own line.
        var evidence = result.Succeeded ? null : await Evidence.ReadAsync(work, task.Id, log.Lines.Last, Evidence.Lines, cancellationToken);
        var line = await log.SayAsync(ended, cancellationToken);
        var done = result.Succeeded
            ? TaskResult.Succeeded($"exit code 0 after {JobEnd.Seconds(result.Duration)}")
            : TaskResult.Failed(new Failure($"{ended}.", evidence, Suggestion(job, result), line) { Clues = JobEnd.Clues(job, result) }, job.HaltOnError);
        return done with { AfterRecorded = token => RemoveAsync(work, task, job, token) };
    }

    /// <summary>A job that ended stays ended: its engine object is all there is left to do.</summary>
    public static async Task<TaskResult> RestoreAsync(EnvironmentWork work, PlannedTask task, RunTask ended, CancellationToken cancellationToken)
    {
        var job = Find(work, task);
        if (job is not null) await RemoveAsync(work, task, job, cancellationToken);
        work.Receipts.Add(new ReceiptItem(ReceiptAction.Ran, "job", task.Subject, ended.Detail));
        if (ended.Status == RunStatus.Succeeded) return TaskResult.Succeeded(ended.Detail);
        var evidence = await Evidence.ReadAsync(work, task.Id, ended.LastLine, Evidence.Lines, cancellationToken);
        var (line, clues) = await JobEnd.FindAsync(work, task, job, ended.LastLine, cancellationToken);
        return TaskResult.Failed(new Failure(line is null ? ended.Detail ?? $"{task.Id} failed." : $"{line.Text}.", evidence, null, line?.Number ?? ended.LastLine) { Clues = clues }, job?.HaltOnError ?? false);
    }

    private static DesiredJob? Find(EnvironmentWork work, PlannedTask task) => work.Desired.Jobs.FirstOrDefault(j => j.Name == task.Subject);

    private static async Task RemoveAsync(EnvironmentWork work, PlannedTask task, DesiredJob job, CancellationToken cancellationToken)
    {
        try
        {
            await work.Tools.Engine.RemoveJobAsync(work.Scope, job, task.Id, cancellationToken);
        }
        catch (EngineException e)
        {
            // The job did its work; teardown removes by label whatever stays behind.
            await work.Board.LogOf(task).SayAsync($"{task.Id} could not be removed from the engine: {e.Message}", cancellationToken);
        }
    }

    private static string Suggestion(DesiredJob job, JobResult result) => result switch
    {
        { TimedOut: true } => $"Find out what {job.Name} waits for, or raise completed_timeout.",
        { OutOfMemory: true } => $"Raise the memory limit of {job.Name}.",
        _ => $"Read the last lines of {job.Name}, correct it and deploy again.",
    };
}
