using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The preview: the same loading, looking and planning a stage begins with, and nothing after it.</summary>
internal sealed class StagePlans(IDesiredStates states, IEngine engine, IRecordStore records) : IStagePlans
{
    public async Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, CancellationToken cancellationToken)
    {
        try
        {
            var observed = await engine.ObserveAsync(environment, cancellationToken);
            var applied = await records.ReadAppliedAsync(environment, cancellationToken);
            var loaded = await states.LoadAsync(new StateRequest(environment, stage), cancellationToken);
            if (loaded.Accepted) return Planner.Plan(loaded.Value.Desired, observed, applied, stage);
            // What cannot be computed any more can still be removed.
            return stage == Stage.Teardown ? Planner.RemoveOnly(environment, loaded.Refusal.Message) : loaded.Refusal;
        }
        catch (EngineUnavailableException away)
        {
            return new Refusal("engine_unavailable", $"{away.Message} The plan can be shown when it answers.");
        }
    }
}
