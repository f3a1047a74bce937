using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>
/// The one place where a run begins and ends. What follows from it – the build's, the deployments' and the environment's state, the runs that
/// waited for it – is written in the same transaction, so that no reader ever sees one without the other.
/// </summary>
internal static class RunEnding
{
    public static async Task BeginAsync(this DashboardDb db, RunEntity run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.Stage == Stage.Build && await db.Builds.FirstOrDefaultAsync(b => b.Id == run.BuildId, cancellationToken) is { } build)
        {
            build.Status = RunStatus.Running;
            build.StartedAt ??= now;
        }

        if (await FindEnvironmentAsync(db, run, cancellationToken) is { } environment)
        {
            run.PhaseBefore ??= environment.Phase;
            environment.Phase = PhaseRules.OnStart(run.Stage, environment.Phase);
            if (run is { Stage: Stage.Pause or Stage.Workflow, Commit: null }) await UseWhatRunsAsync(db, run, environment, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await SettleDeploymentsAsync(db, run, now, cancellationToken);
    }

    /// <summary>Asked for behind a push: its commit is known only now that the runs before it have ended.</summary>
    private static async Task UseWhatRunsAsync(DashboardDb db, RunEntity run, EnvironmentEntity environment, CancellationToken cancellationToken)
    {
        (run.Commit, run.BuildId) = (environment.Commit, environment.BuildId);
        if (await db.Deployments.FirstOrDefaultAsync(d => d.Id == run.DeploymentId, cancellationToken) is { } deployment)
            (deployment.Commit, deployment.BuildId) = (environment.Commit, environment.BuildId);
    }

    public static async Task EndAsync(this DashboardDb db, RunEntity run, RunResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        result = PhaseRules.Checked(run.Stage, result);
        var ran = run.Attempt > 0;
        run.Status = result.Status;
        run.FinishedAt = now;
        run.Waiting = null;
        run.LeaseOwner = null;
        run.LeaseUntil = null;
        run.NotBefore = null;
        run.Failure = result.Failure is null ? null : StoredJson.Write(result.Failure);
        run.Receipt = ran ? StoredJson.Write(result.Receipt) : null;

        if (run.Stage == Stage.Build) await EndBuildAsync(db, run, result, now, cancellationToken);
        else await EndInEnvironmentAsync(db, run, result, now, ran, cancellationToken);

        if (result.Status != RunStatus.Succeeded) await CancelAfterAsync(db, run, result, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await SettleDeploymentsAsync(db, run, now, cancellationToken);
    }

    private static async Task EndBuildAsync(DashboardDb db, RunEntity run, RunResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Builds.FirstOrDefaultAsync(b => b.Id == run.BuildId, cancellationToken) is not { } build) return;
        build.Status = result.Status;
        build.FinishedAt = now;
        build.Failure = run.Failure;
    }

    private static async Task EndInEnvironmentAsync(DashboardDb db, RunEntity run, RunResult result, DateTimeOffset now, bool ran, CancellationToken cancellationToken)
    {
        if (await FindEnvironmentAsync(db, run, cancellationToken) is not { } environment) return;
        environment.Phase = PhaseRules.OnEnd(run.Stage, result.Status, environment.Phase, run.PhaseBefore ?? environment.Phase, environment.SetupSucceeded, ran);
        if (result.Status != RunStatus.Succeeded) return;
        switch (run.Stage)
        {
            case Stage.Setup:
                environment.SetupSucceeded = true;
                break;
            case Stage.Teardown:
                environment.RemovedAt = now;
                environment.ExpiresAt = null;
                environment.Health = HealthStatus.Unknown;
                environment.Sync = SyncStatus.InSync;
                environment.Drift = StoredJson.EmptyList;
                // Nothing runs any more, and its secrets need not be kept.
                if (await db.Applied.FirstOrDefaultAsync(a => a.Environment == environment.Id, cancellationToken) is { } applied) db.Applied.Remove(applied);
                break;
        }
    }

    private static async Task CancelAfterAsync(DashboardDb db, RunEntity run, RunResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = await db.Runs.Where(r => r.AfterRunId == run.Id && r.Status == RunStatus.Queued).ToListAsync(cancellationToken);
        foreach (var next in waiting)
        {
            var failure = new Failure($"Not started: {run.Stage.Word()} {run.BuildId ?? run.Id} {Ended(result.Status)}.", result.Failure?.Summary, "Mend the cause, then deploy again.");
            await db.EndAsync(next, new RunResult(RunStatus.Canceled, Receipt.Empty, failure), now, cancellationToken);
            // A first setup that will not come: the environment says so instead of pending for ever.
            if (result.Status == RunStatus.Failed
                && await FindEnvironmentAsync(db, next, cancellationToken) is { Phase: EnvironmentPhase.Pending } environment
                && !await db.Runs.AnyAsync(r => r.Environment == environment.Id && r.Id != next.Id && (r.Status == RunStatus.Queued || r.Status == RunStatus.Running), cancellationToken))
            {
                environment.Phase = EnvironmentPhase.Failed;
            }
        }
    }

    private static string Ended(RunStatus status) => status switch
    {
        RunStatus.Failed => "failed",
        RunStatus.Superseded => "was superseded",
        _ => "was canceled",
    };

    /// <summary>Every deployment the run is a stage of gets the status its stages make.</summary>
    private static async Task SettleDeploymentsAsync(DashboardDb db, RunEntity run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = await db.DeploymentStages.Where(s => s.RunId == run.Id).Select(s => s.DeploymentId).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            var deployment = await db.Deployments.FirstAsync(d => d.Id == id, cancellationToken);
            // A deployment that has ended stays as it ended, also when a build it shared goes on.
            if (deployment.Status.IsFinal()) continue;
            var stages = await (
                from stage in db.DeploymentStages
                join of in db.Runs on stage.RunId equals of.Id
                where stage.DeploymentId == id
                orderby stage.Position
                select of).ToListAsync(cancellationToken);
            deployment.Status = PhaseRules.OfDeployment(deployment.Status, [.. stages.Select(s => s.Status)]);
            if (deployment.Status.IsFinal())
            {
                deployment.FinishedAt = now;
                deployment.Failure = (stages.Find(s => s.Status == RunStatus.Failed) ?? stages.Find(s => s.Failure is not null))?.Failure;
            }

            // Its readers show the stages, whatever its own status.
            db.Touch(deployment);
        }
    }

    private static async Task<EnvironmentEntity?> FindEnvironmentAsync(DashboardDb db, RunEntity run, CancellationToken cancellationToken) =>
        run.Environment is null ? null : await db.Environments.FirstOrDefaultAsync(e => e.Id == run.Environment, cancellationToken);
}
