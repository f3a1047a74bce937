using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>The birth of an environment, and its repair: space, volumes, services, routes. What is right already is not touched.</summary>
internal sealed class SetupStage(StageTools tools, IDesiredStates states) : DeployStage(tools, states)
{
    private readonly StageTools _tools = tools;

    public override IReadOnlyCollection<Stage> Stages { get; } = [Stage.Setup];

    /// <summary>A hostname leads to one environment: two that ask for it would each believe to be served.</summary>
    protected override Failure? Refuse(Run run, LoadedState loaded, ObservedState observed)
    {
        var taken = _tools.RouteUpdates.Claim(loaded.Desired.Scope.Environment, loaded.Desired.Routes);
        return taken is null ? null : new Failure(
            $"The hostname {taken.Hostname} is already used by {taken.Environment}. Put ${{env_id}} into it or delete that environment.",
            null,
            "Change the hostname in this environment's configuration (and in the application's template, for those to come), then run setup again.");
    }

    protected override (IReadOnlyList<PlannedStep> Before, IReadOnlyList<PlannedStep> After) Surround(Plan plan)
    {
        var removed = plan.Actions.Where(a => a.Kind == PlanActionKind.RemoveService)
            .Select(a => new PlannedTask($"services.{a.Subject}", TaskKind.RemoveService, a.Subject)).DistinctBy(t => t.Id).ToList();
        return ([new PlannedStep("prepare", [new PlannedTask("environment", TaskKind.Environment, "environment")])],
            removed.Count == 0 ? [] : [new PlannedStep("finish", removed)]);
    }

    protected override void Begin(EnvironmentWork work)
    {
        base.Begin(work);
        // New hostnames are known from now on; a page says that nothing serves them yet.
        _tools.RouteUpdates.Reroute(work.Scope.Environment, work.RoutesWith(null));
    }

    protected override async Task CompleteAsync(EnvironmentWork work, LoadedState loaded, CancellationToken cancellationToken)
    {
        var before = (work.Applied.Desired?.Routes ?? []).ToList();
        await work.Context.Journal.WriteAppliedAsync(Merge(work), loaded.Version, cancellationToken);
        _tools.RouteUpdates.Reroute(work.Scope.Environment, work.Desired.Routes);
        work.Receipts.Add(work.Desired.Routes.Select(r => new ReceiptItem(before.Contains(r) ? ReceiptAction.Kept : ReceiptAction.Created, "route", r.Hostname)));
        work.Receipts.Add(before.Where(r => work.Desired.Routes.All(d => d.Hostname != r.Hostname)).Select(r => new ReceiptItem(ReceiptAction.Removed, "route", r.Hostname)));
    }
}
