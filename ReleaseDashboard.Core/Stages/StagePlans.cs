using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Stages;

/// <summary>The plan a stage would carry out now, made with the stage's own parts. Nothing is done.</summary>
internal sealed class StagePlans(IDesiredStates states, IRecordStore records, IEngine engine) : IStagePlans
{
    public async Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken)
    {
        try
        {
            var observed = await engine.ObserveAsync(environment, cancellationToken);
            var applied = await records.ReadAppliedAsync(environment, cancellationToken);
            var loaded = await states.LoadAsync(new StateRequest(environment, stage, BuildId: build, Preview: true), cancellationToken);
            if (loaded.Accepted) return Planner.Plan(loaded.Value.Desired, observed, applied, stage);
            return stage == Stage.Teardown ? Planner.RemoveOnly(environment, $"the workflow's own tasks are left out: {loaded.Refusal.Message}") : loaded.Refusal;
        }
        catch (Exception e) when (e is EngineUnavailableException or EngineException)
        {
            return new Refusal("engine_unavailable", e.Message);
        }
        catch (GitException e)
        {
            return new Refusal("invalid", e.Message);
        }
    }
}
