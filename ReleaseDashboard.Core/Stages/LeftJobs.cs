using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Jobs that still stand on the engine although nobody waits for them any more.</summary>
internal static class LeftJobs
{
    /// <summary>
    /// For a canceled run: what it started and did not see end, in this attempt or in one that was killed. Whatever goes wrong is said and does not keep
    /// the run from ending; the next run of the environment finds what is left.
    /// </summary>
    public static async Task RemoveOwnAsync(IEngine engine, Run run, TaskLog log, ReceiptBook receipts, RunCancellation cancellation)
    {
        using var patience = cancellation.CleanUp();
        try
        {
            var observed = await engine.ObserveAsync(run.Environment ?? "", patience.Token);
            await RemoveAsync(engine, run, [.. observed.Jobs.Where(j => RunOf(j) == run.Id)], "canceled", log, receipts, patience.Token);
        }
        catch (Exception problem) when (problem is EngineException or EngineUnavailableException or OperationCanceledException)
        {
            using var words = cancellation.CleanUp();
            await log.SayAsync($"A job of this run may still be on the engine, which could not be asked: {problem.Message} The next run of {run.Environment} removes it.", words.Token);
        }
    }

    /// <summary>Before the work: jobs of runs that have ended. Only one run works on an environment at a time, so they belong to nobody.</summary>
    public static Task RemoveOthersAsync(IEngine engine, Run run, ObservedState observed, TaskLog log, ReceiptBook receipts, CancellationToken cancellationToken) =>
        RemoveAsync(engine, run, [.. observed.Jobs.Where(j => RunOf(j) != run.Id)], "left by an earlier run", log, receipts, cancellationToken);

    private static async Task RemoveAsync(IEngine engine, Run run, IReadOnlyList<ObservedJob> jobs, string why, TaskLog log, ReceiptBook receipts, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            var scope = new EnvironmentScope(run.Environment ?? "", run.Application, run.DeploymentId ?? 0, RunOf(job), run.Attempt, run.Commit ?? "");
            await engine.RemoveJobAsync(scope, Named(job.Name), job.Key[(job.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], cancellationToken);
            receipts.Add(new ReceiptItem(ReceiptAction.Removed, "job", job.Name, why));
            await log.SayAsync($"The job {job.Name} was {(job.Running ? "stopped and removed" : "removed")}: {why}", cancellationToken);
        }
    }

    /// <summary>See <see cref="JobKey"/>.</summary>
    private static long RunOf(ObservedJob job) => job.Key.Split('/', 2) is [var run, _] && long.TryParse(run, out var id) ? id : 0;

    /// <summary>As much of the job as its removal needs.</summary>
    private static DesiredJob Named(string name) => new(name, "", false, [], [], new Dictionary<string, string>(), [], ResourceTemplate.None, 0, false);
}
