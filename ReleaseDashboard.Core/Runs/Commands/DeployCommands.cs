using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Deploy, setup and resume: a build if needed, then the stage the rules choose.</summary>
internal sealed class DeployCommands(CommandRunner runner, CommandStore store, CommitSource commits)
{
    /// <param name="Version">Configuration the build instructions were taken from.</param>
    /// <param name="Request">Null when a build was named.</param>
    /// <param name="Prefer">Build to use if its instructions are the wanted ones: what runs now, or is on its way.</param>
    private sealed record Prepared(Stage Stage, ConfigurationVersion Version, BuildRequest? Request, long? Prefer);

    /// <summary>What was asked: see <see cref="IRunService.DeployAsync"/>.</summary>
    /// <param name="KeepCommit">Setup by hand: the commit that runs now, or is on its way.</param>
    private sealed record Ask(string Environment, string? Commit, long? Build, Stage? Stage, bool KeepCommit, bool Resume, string Trigger);

    public Task<Outcome<Deployment>> DeployAsync(string environment, string? commit, long? build, Stage? stage, CommandContext context, CancellationToken cancellationToken)
    {
        if (stage is not (null or Stage.Setup or Stage.Patch))
            return Task.FromResult<Outcome<Deployment>>(Refusals.Invalid($"Deploy runs setup or patch, not {stage.Value.Word()}."));
        return RunAsync("deploy", new Ask(environment, commit, build, stage, KeepCommit: false, Resume: false, context.Trigger), context, cancellationToken);
    }

    public Task<Outcome<Deployment>> SetupAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        RunAsync("setup", new Ask(environment, null, null, Stage.Setup, KeepCommit: true, Resume: false, context.Trigger), context, cancellationToken);

    public Task<Outcome<Deployment>> ResumeAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        RunAsync("resume", new Ask(environment, null, null, Stage.Setup, KeepCommit: true, Resume: true, context.Trigger), context, cancellationToken);

    private Task<Outcome<Deployment>> RunAsync(string name, Ask ask, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<Prepared, Deployment>(
            name,
            new { ask.Environment, ask.Commit, ask.Build, ask.Stage },
            StartsRuns: true,
            token => PrepareAsync(ask, token),
            (tx, prepared) => WriteAsync(tx, ask, prepared, context),
            Recalls.Id,
            Recalls.DeploymentAsync),
        context,
        cancellationToken);

    private async Task<Outcome<Prepared>> PrepareAsync(Ask ask, CancellationToken cancellationToken)
    {
        var read = await store.ReadAsync(tx => ReadAsync(tx, ask), cancellationToken);
        if (!read.Accepted) return read.Refusal;
        var (stage, application, branch, configuration, kept) = read.Value;
        if (ask.Build is not null) return new Prepared(stage, configuration.Version, null, null);

        var keep = ask.KeepCommit ? kept : null;
        var commit = keep is not null ? keep.Committed() : await commits.ResolveAsync(application, ask.Commit ?? branch, cancellationToken);
        if (!commit.Accepted) return commit.Refusal;
        var request = commits.Instructions(application, commit.Value, branch, configuration);
        return request.Accepted ? new Prepared(stage, configuration.Version, request.Value, keep?.Id) : request.Refusal;
    }

    private static async Task<Outcome<(Stage, Application, string Branch, SavedConfiguration, BuildEntity? Kept)>> ReadAsync(CommandTransaction tx, Ask ask)
    {
        var found = await EnvironmentRules.LivingAsync(tx, ask.Environment);
        if (!found.Accepted) return found.Refusal;
        var (environment, unfinished) = found.Value;
        var stage = Choose(environment, unfinished, ask);
        if (!stage.Accepted) return stage.Refusal;
        if (await tx.ApplicationAsync(environment.Application) is not { } application) return Refusals.NotFound("application", environment.Application);
        if (await tx.ConfigurationAsync(environment.Id, VersionFor(stage.Value, environment)) is not { } configuration)
            return Refusals.NotFound("configuration of", environment.Id);
        return (stage.Value, tx.Record(application), environment.Branch, configuration, await KeptAsync(tx, environment, unfinished));
    }

    /// <summary>The build that a setup by hand keeps. What is on its way counts as there already: setup waits behind it and must not undo it.</summary>
    private static async Task<BuildEntity?> KeptAsync(CommandTransaction tx, EnvironmentEntity environment, IReadOnlyList<RunEntity> unfinished)
    {
        var (commit, id) = EnvironmentRules.Coming(unfinished) is { } coming ? (coming.Commit, coming.BuildId) : (environment.Commit, environment.BuildId);
        return id is { } known && await tx.BuildAsync(known) is { } build && build.Commit == commit ? build : null;
    }

    private static async Task<Outcome<Deployment>> WriteAsync(CommandTransaction tx, Ask ask, Prepared prepared, CommandContext context)
    {
        var found = await EnvironmentRules.LivingAsync(tx, ask.Environment);
        if (!found.Accepted) return found.Refusal;
        var (environment, unfinished) = found.Value;
        var stage = Choose(environment, unfinished, ask);
        if (!stage.Accepted) return stage.Refusal;
        if (stage.Value != prepared.Stage || VersionFor(stage.Value, environment) != prepared.Version) return CommandRunner.Again;
        // A push came in between.
        if (ask.KeepCommit && (await KeptAsync(tx, environment, unfinished))?.Id != prepared.Prefer) return CommandRunner.Again;

        var build = await ChooseBuildAsync(tx, environment, ask, prepared, context);
        if (!build.Accepted) return build.Refusal;
        var deployment = await RunWriter.DeploymentAsync(tx, environment, stage.Value, build.Value, context);
        tx.Activity(context.Actor.Name, Said(ask, stage.Value), $"{environment.Id} at {build.Value.Commit[..Math.Min(7, build.Value.Commit.Length)]}", $"/deployments/{deployment.Id}");
        return await tx.RecordAsync(deployment);
    }

    /// <summary>Rules 3 and 4: setup before any patch; a patch keeps using the applied configuration.</summary>
    private static Outcome<Stage> Choose(EnvironmentEntity environment, IReadOnlyList<RunEntity> unfinished, Ask ask)
    {
        var paused = EnvironmentRules.IsPaused(environment, unfinished);
        if (ask.Resume && !paused) return Refusals.NotPaused(environment.Id);
        if (ask.Stage == Stage.Setup) return Stage.Setup;
        if (!environment.SetupSucceeded) return ask.Stage == Stage.Patch ? Refusals.SetupRequired(environment.Id, "it cannot be patched") : Stage.Setup;
        if (!paused) return Stage.Patch;
        // Somebody who deploys by hand wants to see it run; a push does not wake what was put to sleep.
        return ask.Stage == Stage.Patch || ask.Trigger == "push" ? Refusals.Paused(environment.Id) : Stage.Setup;
    }

    private static ConfigurationVersion VersionFor(Stage stage, EnvironmentEntity environment) =>
        stage == Stage.Patch ? environment.AppliedVersion() ?? environment.SavedVersion() : environment.SavedVersion();

    private static async Task<Outcome<BuildEntity>> ChooseBuildAsync(CommandTransaction tx, EnvironmentEntity environment, Ask ask, Prepared prepared, CommandContext context)
    {
        if (ask.Build is { } named) return await NamedBuildAsync(tx, environment, named);

        var request = prepared.Request!;
        // Setup must not replace what is already right: the images that run stay, even if the commit was rebuilt since.
        if (prepared.Prefer is { } running && await tx.BuildAsync(running) is { Status: RunStatus.Succeeded } present && present.SpecHash == request.Hash) return present;
        return await RunWriter.BuildAsync(tx, environment.Application, request, context, standalone: false);
    }

    /// <summary>A build that may be deployed to the environment: of its application, and not failed. It may still be running.</summary>
    public static async Task<Outcome<BuildEntity>> NamedBuildAsync(CommandTransaction tx, EnvironmentEntity environment, long id)
    {
        if (await tx.BuildAsync(id) is not { } build || build.Application != environment.Application) return Refusals.NotFound($"build of {environment.Application}", id.ToString());
        return build.Status is RunStatus.Failed or RunStatus.Canceled ? Refusals.BuildFailed(id, build.Status) : build;
    }

    private static string Said(Ask ask, Stage stage) => ask switch
    {
        { Resume: true } => "resumed",
        { KeepCommit: true } => "asked for setup of",
        _ => stage == Stage.Setup ? "deployed (setup)" : "deployed",
    };
}
