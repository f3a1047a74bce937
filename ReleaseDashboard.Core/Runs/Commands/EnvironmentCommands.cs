using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Birth, life span and end of environments, and what is done to one that lives.</summary>
internal sealed class EnvironmentCommands(CommandRunner runner, CommandStore store, CommitSource commits, ITemplateReader templates, IOptions<CoreOptions> options)
{
    private sealed record Birth(Application Application, string Branch, bool FollowsTag, ConfigurationText Text, IReadOnlyDictionary<string, string> Parameters, BuildRequest Request);

    public Task<Outcome<Deployment>> CreateAsync(NewEnvironment request, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<Birth, Deployment>(
            "create environment",
            // What is remembered of the request is readable in the database; values of parameters must not be.
            new { request.Application, request.Branch, request.Tag, request.Kind, request.Name, Parameters = ParameterRules.Digest(request.Parameters) },
            StartsRuns: true,
            token => PrepareAsync(request, token),
            (tx, birth) => CreateAsync(tx, request, birth, context),
            Recalls.Id,
            Recalls.DeploymentAsync),
        context,
        cancellationToken);

    public Task<Outcome<Deployment>> DeleteAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        // Not refused when the disk is nearly full: removing is what makes room.
        ChangeAsync("delete environment", environment, context, startsRuns: false, tx => DeleteAsync(tx, environment, context), cancellationToken);

    public Task<Outcome<Deployment>> PauseAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        ChangeAsync("pause", environment, context, startsRuns: true, tx => PauseAsync(tx, environment, context), cancellationToken);

    public Task<Outcome<Deployment>> RunWorkflowAsync(string environment, string workflow, CommandContext context, CancellationToken cancellationToken) =>
        ChangeAsync($"workflow {workflow}", environment, context, startsRuns: true, tx => WorkflowAsync(tx, environment, workflow, context), cancellationToken);

    public Task<Outcome<ReleaseEnvironment>> ExtendAsync(string environment, CommandContext context, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<bool, ReleaseEnvironment>(
            "extend", new { environment }, StartsRuns: false, Recalls.Nothing, (tx, _) => ExtendAsync(tx, environment, context), e => e.Id, Recalls.EnvironmentAsync),
        context,
        cancellationToken);

    private Task<Outcome<Deployment>> ChangeAsync(
        string name, string environment, CommandContext context, bool startsRuns, Func<CommandTransaction, Task<Outcome<Deployment>>> write, CancellationToken cancellationToken) => runner.RunAsync(
        new Command<bool, Deployment>(name, new { environment }, startsRuns, Recalls.Nothing, (tx, _) => write(tx), Recalls.Id, Recalls.DeploymentAsync), context, cancellationToken);

    private async Task<Outcome<Birth>> PrepareAsync(NewEnvironment request, CancellationToken cancellationToken)
    {
        if (request is { Branch: not null, Tag: not null }) return Refusals.Invalid("Give a branch or a tag, not both.");
        if (request.Kind == EnvironmentKind.Permanent)
        {
            if (string.IsNullOrEmpty(request.Name)) return Refusals.Invalid("A permanent environment needs a name.");
            if (!EnvironmentRules.IsName(request.Name)) return EnvironmentRules.BadName("environment", request.Name);
            if (EnvironmentRules.LooksGenerated(request.Name)) return Refusals.Invalid($"'{request.Name}' looks like the id of an ephemeral environment. Choose another name.");
        }
        else if (!string.IsNullOrEmpty(request.Name))
        {
            return Refusals.Invalid("An ephemeral environment gets its id from the dashboard. Leave the name out, or make a permanent environment.");
        }

        var (application, configuration) = await store.ReadAsync(
            async tx => (await tx.ApplicationAsync(request.Application) is { } row ? tx.Record(row) : null, await tx.ConfigurationAsync(request.Application, null)), cancellationToken);
        if (application is null || configuration is null) return Refusals.NotFound("application", request.Application);
        var text = templates.ForEnvironment(configuration.Text, request.Kind);
        if (text.Value is null) return Refusals.Template("template", text.Diagnostics);

        var parameters = ParameterRules.Check(templates.Template(text.Value.Template), request.Parameters);
        if (!parameters.Accepted) return parameters.Refusal;

        var branch = request.Tag ?? request.Branch ?? application.TrackingBranch;
        var commit = await commits.ResolveAsync(application, branch, cancellationToken);
        if (!commit.Accepted) return commit.Refusal;
        var build = commits.Instructions(application, commit.Value, branch, configuration with { Text = text.Value });
        return build.Accepted ? new Birth(application, branch, request.Tag is not null, text.Value, parameters.Value.Values, build.Value) : build.Refusal;
    }

    private async Task<Outcome<Deployment>> CreateAsync(CommandTransaction tx, NewEnvironment request, Birth birth, CommandContext context)
    {
        if (await tx.ApplicationAsync(birth.Application.Name) is not { } application) return Refusals.NotFound("application", birth.Application.Name);
        // Saved since it was read: the environment would be made from the version before.
        if (application.Version != birth.Application.Version) return CommandRunner.Again;

        var id = request.Kind == EnvironmentKind.Permanent ? request.Name! : await NewIdAsync(tx);
        var former = await tx.EnvironmentAsync(id);
        if (former is not null && !MayComeBack(former, application)) return Taken(former);
        var last = (await tx.ConfigurationAsync(application.Name, id))?.Version;
        var version = new ConfigurationVersion(application.Version, last is { } known && known.Default == application.Version ? known.Specific + 1 : 0);
        var environment = former ?? new EnvironmentEntity { Id = id, Application = application.Name, Branch = birth.Branch, Drift = StoredJson.EmptyList };
        environment.Kind = request.Kind;
        environment.Branch = birth.Branch;
        environment.FollowsTag = birth.FollowsTag;
        environment.Phase = EnvironmentPhase.Pending;
        environment.Health = HealthStatus.Unknown;
        environment.Sync = SyncStatus.InSync;
        environment.Drift = StoredJson.EmptyList;
        environment.SetupSucceeded = false;
        (environment.SavedDefault, environment.SavedSpecific) = (version.Default, version.Specific);
        (environment.AppliedDefault, environment.AppliedSpecific) = (null, null);
        (environment.Commit, environment.BuildId) = (null, null);
        environment.Parameters = birth.Parameters.Count > 0 ? tx.Protect(StoredJson.Write(birth.Parameters)) : null;
        environment.CreatedAt = tx.Now;
        environment.ExpiresAt = request.Kind == EnvironmentKind.Ephemeral ? tx.Now.AddDays(options.Value.EphemeralDays) : null;
        environment.RemovedAt = null;
        if (former is null) await tx.AddAsync(environment);
        tx.Save(application.Name, id, version, birth.Text, context.Actor.Name);
        var build = await RunWriter.BuildAsync(tx, application.Name, birth.Request, context, standalone: false);
        var deployment = await RunWriter.DeploymentAsync(tx, environment, Stage.Setup, build, context);
        tx.Activity(context.Actor.Name, "created environment", $"{id} of {application.Name} from {birth.Branch}", $"/environments/{id}");
        return await tx.RecordAsync(deployment);
    }

    /// <summary>A permanent environment that was removed may be made again under its name, with the history it had. Another application's name would bring another's history.</summary>
    private static bool MayComeBack(EnvironmentEntity former, ApplicationEntity application) =>
        former is { Phase: EnvironmentPhase.Removed, Kind: EnvironmentKind.Permanent } && former.Application == application.Name;

    private static Refusal Taken(EnvironmentEntity by) => Refusals.Conflict(by.Phase == EnvironmentPhase.Removed
        ? $"'{by.Id}' was an environment of {by.Application}, and its history is kept under that name. Choose another."
        : $"There is an environment named '{by.Id}' already: it belongs to {by.Application}. Choose another name, such as '{by.Id}-2'.");

    private static async Task<string> NewIdAsync(CommandTransaction tx)
    {
        while (true)
        {
            var id = $"ted{RandomNumberGenerator.GetInt32(0x10000):x4}";
            if (!await tx.IdWasEverUsedAsync(id)) return id;
        }
    }

    private static async Task<Outcome<Deployment>> DeleteAsync(CommandTransaction tx, string id, CommandContext context)
    {
        var found = await EnvironmentRules.FindAsync(tx, id, mustLive: false);
        if (!found.Accepted) return found.Refusal;
        var (environment, unfinished) = found.Value;
        if (environment.Phase == EnvironmentPhase.Removed) return Refusals.Removed(id);
        // Asked twice: the removal that is under way is the answer.
        if (unfinished.Find(r => r.Stage == Stage.Teardown) is { DeploymentId: { } under } && await tx.DeploymentAsync(under) is { } present) return await tx.RecordAsync(present);

        foreach (var deployment in unfinished.Select(r => r.DeploymentId).OfType<long>().Distinct())
        {
            if (await tx.DeploymentAsync(deployment) is { } of) await RunWriter.CancelAsync(tx, of, context.Actor.Name);
        }

        // What has started before and waits to be carried on has nothing left to clean up: teardown removes it all.
        foreach (var run in (await tx.UnfinishedRunsAsync(id)).Where(r => r.Status == RunStatus.Queued))
            await tx.EndAsync(run, new RunResult(RunStatus.Canceled, Receipt.Empty, new Failure($"Canceled: {context.Actor.Name} deleted the environment.")));

        var teardown = await RunWriter.DeploymentAsync(tx, environment, Stage.Teardown, null, context);
        foreach (var run in await tx.StagesAsync(teardown.Id)) run.PhaseBefore = environment.Phase;
        environment.Phase = EnvironmentPhase.TearingDown;
        tx.Activity(context.Actor.Name, "deleted environment", id, $"/deployments/{teardown.Id}");
        return await tx.RecordAsync(teardown);
    }

    private static async Task<Outcome<Deployment>> PauseAsync(CommandTransaction tx, string id, CommandContext context)
    {
        var found = await EnvironmentRules.LivingAsync(tx, id);
        if (!found.Accepted) return found.Refusal;
        var (environment, unfinished) = found.Value;
        if (!environment.SetupSucceeded) return Refusals.SetupRequired(id, "there is nothing to pause");
        if (EnvironmentRules.IsPaused(environment, unfinished)) return Refusals.Paused(id) with { Message = $"Environment {id} is already paused." };
        var deployment = await RunWriter.DeploymentAsync(tx, environment, Stage.Pause, null, context);
        tx.Activity(context.Actor.Name, "paused", id, $"/deployments/{deployment.Id}");
        return await tx.RecordAsync(deployment);
    }

    private async Task<Outcome<Deployment>> WorkflowAsync(CommandTransaction tx, string id, string workflow, CommandContext context)
    {
        var found = await EnvironmentRules.LivingAsync(tx, id);
        if (!found.Accepted) return found.Refusal;
        var (environment, unfinished) = found.Value;
        if (workflow is "setup" or "patch" or "teardown")
            return Refusals.Invalid($"'{workflow}' is a stage, not a workflow to run by hand. Use Run setup, Deploy or Delete environment.");
        if (!environment.SetupSucceeded) return Refusals.SetupRequired(id, $"workflow '{workflow}' cannot run");
        if (EnvironmentRules.IsPaused(environment, unfinished)) return Refusals.Paused(id);
        var applied = environment.AppliedVersion() ?? environment.SavedVersion();
        if (await tx.ConfigurationAsync(id, applied) is not { } configuration) return Refusals.NotFound("configuration of", id);
        var template = templates.Template(configuration.Text.Template);
        if (template.Value is null) return Refusals.Template("template", template.Diagnostics);
        if (template.Value.FindWorkflow(workflow) is null)
            return Refusals.NotFound("workflow", workflow) with { Message = $"The configuration {applied} that {id} runs has no workflow '{workflow}'." };
        var deployment = await RunWriter.DeploymentAsync(tx, environment, Stage.Workflow, null, context, workflow);
        tx.Activity(context.Actor.Name, $"ran workflow {workflow} on", id, $"/deployments/{deployment.Id}");
        return await tx.RecordAsync(deployment);
    }

    private async Task<Outcome<ReleaseEnvironment>> ExtendAsync(CommandTransaction tx, string id, CommandContext context)
    {
        var found = await EnvironmentRules.LivingAsync(tx, id);
        if (!found.Accepted) return found.Refusal;
        var environment = found.Value.Environment;
        if (environment.Kind == EnvironmentKind.Permanent) return Refusals.NotEphemeral(id);
        environment.ExpiresAt = tx.Now.AddDays(options.Value.EphemeralDays);
        tx.Activity(context.Actor.Name, "extended", id, $"/environments/{id}");
        return environment.ToRecord();
    }
}
