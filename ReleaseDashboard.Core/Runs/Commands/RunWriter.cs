using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Writes builds, deployments and their queue rows.</summary>
internal static class RunWriter
{
    public static string EnvironmentLock(string environment) => $"environment:{environment}";

    /// <summary>The build of these instructions: one that is there and may still serve, or a new one.</summary>
    /// <param name="standalone">Asked for by itself, not only for a deployment.</param>
    public static async Task<BuildEntity> BuildAsync(CommandTransaction tx, string application, BuildRequest request, CommandContext context, bool standalone)
    {
        if (await tx.ReusableBuildAsync(application, request.Commit.Sha, request.Hash) is { } there)
        {
            there.Standalone |= standalone && !there.Status.IsFinal();
            return there;
        }

        return await NewBuildAsync(tx, application, request, context, standalone);
    }

    public static async Task<BuildEntity> NewBuildAsync(CommandTransaction tx, string application, BuildRequest request, CommandContext context, bool standalone)
    {
        var build = await tx.AddAsync(new BuildEntity
        {
            Application = application,
            Commit = request.Commit.Sha,
            Branch = request.Branch,
            Author = request.Commit.Author,
            Message = request.Commit.Message,
            CommittedAt = request.Commit.At,
            SpecHash = request.Hash,
            Specs = StoredJson.Write(request.Specs),
            Status = RunStatus.Queued,
            Trigger = context.Trigger,
            Actor = context.Actor.Name,
            Standalone = standalone,
            Images = "[]",
            CreatedAt = tx.Now,
        });
        var run = await tx.AddAsync(new RunEntity
        {
            Stage = Stage.Build,
            Application = application,
            BuildId = build.Id,
            Commit = build.Commit,
            Status = RunStatus.Queued,
            LockKey = $"build:{application}:{build.Commit}:{build.SpecHash}",
            Trigger = context.Trigger,
            Actor = context.Actor.Name,
            QueuedAt = tx.Now,
        });
        build.RunId = run.Id;
        return build;
    }

    /// <summary>A deployment: its build's run first, if it has one, then the stage's own.</summary>
    public static async Task<DeploymentEntity> DeploymentAsync(
        CommandTransaction tx, EnvironmentEntity environment, Stage stage, BuildEntity? build, CommandContext context, string? workflow = null)
    {
        // What a workflow or a pause behind a push will find is not known yet: the run takes what runs when it starts.
        var later = stage is Stage.Pause or Stage.Workflow && EnvironmentRules.Coming(await tx.UnfinishedRunsAsync(environment.Id)) is not null;
        var commit = build?.Commit ?? (later ? null : environment.Commit);
        var buildId = build?.Id ?? (later ? null : environment.BuildId);
        var deployment = await tx.AddAsync(new DeploymentEntity
        {
            Environment = environment.Id,
            Application = environment.Application,
            Status = RunStatus.Queued,
            Trigger = context.Trigger,
            Actor = context.Actor.Name,
            Commit = commit,
            BuildId = buildId,
            CreatedAt = tx.Now,
        });
        var run = await tx.AddAsync(new RunEntity
        {
            Stage = stage,
            Application = environment.Application,
            Environment = environment.Id,
            DeploymentId = deployment.Id,
            BuildId = buildId,
            Commit = commit,
            Workflow = workflow,
            Status = RunStatus.Queued,
            LockKey = EnvironmentLock(environment.Id),
            AfterRunId = build?.RunId,
            Trigger = context.Trigger,
            Actor = context.Actor.Name,
            QueuedAt = tx.Now,
        });
        var position = 0;
        if (build is not null)
        {
            await tx.AddAsync(new DeploymentStageEntity { DeploymentId = deployment.Id, Position = position++, Stage = Stage.Build, RunId = build.RunId });
            if (build.Status == RunStatus.Running) deployment.Status = RunStatus.Running;
        }

        await tx.AddAsync(new DeploymentStageEntity { DeploymentId = deployment.Id, Position = position, Stage = stage, RunId = run.Id });
        return deployment;
    }

    /// <summary>Ends a run that never started at once; asks one that did to stop, also when it waits in the queue to be carried on, so that it can clean up.</summary>
    public static async Task CancelAsync(CommandTransaction tx, RunEntity run, string by)
    {
        if (run.Status.IsFinal()) return;
        if (run is { Status: RunStatus.Queued, Attempt: 0 })
            await tx.EndAsync(run, new RunResult(RunStatus.Canceled, Receipt.Empty, new Failure($"Canceled by {by} before it started.")));
        else
            run.CancelRequestedAt ??= tx.Now;
    }

    /// <summary>Cancels what is left of a deployment; its build only if nobody else wants it.</summary>
    public static async Task CancelAsync(CommandTransaction tx, DeploymentEntity deployment, string by)
    {
        var goesOn = false;
        foreach (var run in (await tx.StagesAsync(deployment.Id)).Where(r => !r.Status.IsFinal()).OrderByDescending(r => r.Id).ToList())
        {
            if (run.Stage == Stage.Build && (await tx.BuildAsync(run.BuildId ?? 0) is { Standalone: true } || await tx.IsWantedElsewhereAsync(run.Id, deployment.Id))) goesOn = true;
            else await CancelAsync(tx, run, by);
        }

        // A build that others wait for does not keep this deployment from having ended.
        if (!goesOn || deployment.Status.IsFinal() || (await tx.StagesAsync(deployment.Id)).Exists(r => r.Stage != Stage.Build && !r.Status.IsFinal())) return;
        deployment.Status = RunStatus.Canceled;
        deployment.FinishedAt = tx.Now;
        deployment.Failure = StoredJson.Write(new Failure($"Canceled by {by}. The build goes on: it is wanted elsewhere."));
    }
}
