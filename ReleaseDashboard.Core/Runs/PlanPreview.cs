using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs.Commands;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Plans a stage without carrying it out, with the same parts the stage itself uses.</summary>
internal interface IStagePlans
{
    Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, CancellationToken cancellationToken);
}

/// <summary>The rules first, so that a preview never shows what would be refused.</summary>
internal sealed class PlanPreview(CommandStore store, IStagePlans plans)
{
    public async Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(tx => EnvironmentRules.LivingAsync(tx, environment), cancellationToken);
        if (!found.Accepted) return found.Refusal;
        if (stage is not (Stage.Setup or Stage.Patch or Stage.Teardown)) return Refusals.Invalid("A plan can be shown of setup, patch and teardown.");
        if (stage == Stage.Patch && !found.Value.Environment.SetupSucceeded) return Refusals.SetupRequired(environment, "it cannot be patched");
        return await plans.PlanAsync(environment, stage, cancellationToken);
    }
}
