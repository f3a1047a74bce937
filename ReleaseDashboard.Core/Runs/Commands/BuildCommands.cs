using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Builds asked for by themselves, and cancelling.</summary>
internal sealed class BuildCommands(CommandRunner runner, CommandStore store, CommitSource commits)
{
    public Task<Outcome<Build>> BuildAsync(string application, string reference, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<BuildRequest, Build>(
            "build",
            new { application, reference },
            StartsRuns: true,
            token => PrepareAsync(application, reference, token),
            async (tx, request) =>
            {
                if (await tx.ApplicationAsync(application) is null) return Refusals.NotFound("application", application);
                var build = await RunWriter.BuildAsync(tx, application, request, context, standalone: true);
                tx.Activity(context.Actor.Name, "asked for a build of", $"{application} at {request.Commit.ShortSha}", $"/builds/{build.Id}");
                return build.ToRecord();
            },
            Recalls.Id,
            Recalls.BuildAsync),
        context,
        cancellationToken);

    /// <summary>The same commit and the same instructions once more; the run's trigger tells the builder to use no cache.</summary>
    public Task<Outcome<Build>> RebuildAsync(long id, CommandContext context, CancellationToken cancellationToken)
    {
        var rebuild = context with { Trigger = "rebuild" };
        return runner.RunAsync(
            new Command<bool, Build>(
                "rebuild",
                new { id },
                StartsRuns: true,
                Recalls.Nothing,
                async (tx, _) =>
                {
                    if (await tx.BuildAsync(id) is not { } before) return Refusals.NotFound("build", id.ToString());
                    var request = new BuildRequest(before.Committed(), before.Branch, StoredJson.Read<List<BuildSpec>>(before.Specs), before.SpecHash);
                    var build = await RunWriter.NewBuildAsync(tx, before.Application, request, rebuild, standalone: true);
                    tx.Activity(context.Actor.Name, "rebuilt", $"{before.Application} at {request.Commit.ShortSha}", $"/builds/{build.Id}");
                    return build.ToRecord();
                },
                Recalls.Id,
                Recalls.BuildAsync),
            context,
            cancellationToken);
    }

    public Task<Outcome<Build>> CancelBuildAsync(long id, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<bool, Build>(
            "cancel build",
            new { id },
            StartsRuns: false,
            Recalls.Nothing,
            async (tx, _) =>
            {
                if (await tx.BuildAsync(id) is not { } build) return Refusals.NotFound("build", id.ToString());
                if (build.Status.IsFinal()) return Refusals.AlreadyEnded($"Build {id}", build.Status);
                await RunWriter.CancelAsync(tx, await tx.RunAsync(build.RunId), context.Actor.Name);
                tx.Activity(context.Actor.Name, "canceled build", id.ToString(), $"/builds/{id}");
                return build.ToRecord();
            },
            Recalls.Id,
            Recalls.BuildAsync),
        context,
        cancellationToken);

    public Task<Outcome<Deployment>> CancelDeploymentAsync(long id, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<bool, Deployment>(
            "cancel deployment",
            new { id },
            StartsRuns: false,
            Recalls.Nothing,
            async (tx, _) =>
            {
                if (await tx.DeploymentAsync(id) is not { } deployment) return Refusals.NotFound("deployment", id.ToString());
                if (deployment.Status.IsFinal()) return Refusals.AlreadyEnded($"Deployment {id}", deployment.Status);
                await RunWriter.CancelAsync(tx, deployment, context.Actor.Name);
                tx.Activity(context.Actor.Name, "canceled deployment", $"{id} of {deployment.Environment}", $"/deployments/{id}");
                return await tx.RecordAsync(deployment);
            },
            Recalls.Id,
            Recalls.DeploymentAsync),
        context,
        cancellationToken);

    private async Task<Outcome<BuildRequest>> PrepareAsync(string name, string reference, CancellationToken cancellationToken)
    {
        var (application, configuration) = await store.ReadAsync(
            async tx => (await tx.ApplicationAsync(name) is { } row ? tx.Record(row) : null, await tx.ConfigurationAsync(name, null)), cancellationToken);
        if (application is null || configuration is null) return Refusals.NotFound("application", name);
        var commit = await commits.ResolveAsync(application, reference, cancellationToken);
        return commit.Accepted ? commits.Instructions(application, commit.Value, CommitSource.IsSha(reference) ? application.TrackingBranch : reference, configuration) : commit.Refusal;
    }
}
