using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs.Commands;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Plans a stage without carrying it out, with the same parts the stage itself uses.</summary>
internal interface IStagePlans
{
    /// <param name="build">The build to deploy, finished or not; null for the stage's own choice.</param>
    Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken);
}

/// <summary>The rules first, so that a preview never shows what would be refused.</summary>
internal sealed class PlanPreview(CommandStore store, IStagePlans plans)
{
    public async Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(tx => EnvironmentRules.LivingAsync(tx, environment), cancellationToken);
        if (!found.Accepted) return found.Refusal;
        var (living, unfinished) = found.Value;
        if (build is { } named && await store.ReadAsync(tx => DeployCommands.NamedBuildAsync(tx, living, named), cancellationToken) is { Accepted: false } refused) return refused.Refusal;
        if (stage is not (Stage.Setup or Stage.Patch or Stage.Teardown)) return Refusals.Invalid("A plan can be shown of setup, patch and teardown.");
        if (stage == Stage.Patch && !living.SetupSucceeded) return Refusals.SetupRequired(environment, "it cannot be patched");
        // Setup waits behind what is on its way and keeps it.
        if (stage == Stage.Setup) build ??= EnvironmentRules.Coming(unfinished)?.BuildId;
        return await plans.PlanAsync(environment, stage, build, cancellationToken);
    }
}
