using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Code only: never a network, a volume or a route. Also carries out a custom workflow, which keeps to the same rules.</summary>
internal sealed class PatchStage(StageTools tools, IDesiredStates states) : DeployStage(tools, states)
{
    private const string RunSetup = "Run setup: it repairs what is missing.";

    public override IReadOnlyCollection<Stage> Stages { get; } = [Stage.Patch, Stage.Workflow];

    protected override Failure? Refuse(Run run, LoadedState loaded, ObservedState observed)
    {
        var id = loaded.Environment.Id;
        var workflow = run.Stage == Stage.Patch ? "patch" : run.Workflow;
        if (!loaded.Environment.SetupSucceeded) return new Failure($"Setup has never succeeded for {id}, so there is nothing to patch.", null, "Run setup first.");
        if (loaded.Desired.Workflows.All(w => w.Name != workflow))
            return new Failure($"The template that was applied to {id} has no workflow named {workflow}.", null, "Add it to the template and run setup.");
        if (!observed.HasSpace) return new Failure($"The network of {id} is gone from the engine.", null, RunSetup);

        // An engine would quietly make an empty volume, and a database would start without its data.
        var missing = loaded.Desired.Volumes.Where(v => !observed.Volumes.Contains(v.Name)).Select(v => v.Name).ToList();
        return missing.Count == 0 ? null : new Failure($"The volume {string.Join(", ", missing)} of {id} is gone from the engine, with its data.", null, RunSetup);
    }

    protected override Task CompleteAsync(EnvironmentWork work, LoadedState loaded, CancellationToken cancellationToken) =>
        work.Context.Journal.WriteAppliedAsync(Merge(work), null, cancellationToken);
}
