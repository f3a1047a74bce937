using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Everything the tasks of one run share.</summary>
internal sealed record EnvironmentWork(
    StageContext Context,
    StageTools Tools,
    DesiredState Desired,
    ObservedState Observed,
    AppliedState Applied,
    Plan Plan,
    StepBoard Board,
    ReceiptBook Receipts,
    ImagePulls Images,
    RunCancellation Cancellation)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _switched = [];

    public EnvironmentScope Scope => Desired.Scope;

    /// <summary>The plan keeps it, and what was seen bears that out: exactly the right instances, all of them ready, none besides.</summary>
    public bool IsKept(DesiredService service)
    {
        var instances = Observed.Instances.Where(i => i.Service == service.Name).ToList();
        return Plan.Actions.Any(a => a.Kind == PlanActionKind.KeepService && a.Subject == service.Name)
            && instances.Count == service.Replicas
            && instances.TrueForAll(i => i.Hash == service.Hash && i is { Status: InstanceStatus.Running, Ready: true });
    }

    /// <summary>Hostnames while the run goes on: a service already switched has its new ones, the others what was applied, else what will be.</summary>
    public IReadOnlyList<DesiredRoute> RoutesWith(string? switchedNow)
    {
        lock (_lock)
        {
            if (switchedNow is not null) _switched.Add(switchedNow);
            var before = Applied.Desired?.Routes ?? [];
            List<DesiredRoute> routes = [.. Desired.Routes.Where(r => _switched.Contains(r.Service)), .. before.Where(r => !_switched.Contains(r.Service)), .. Desired.Routes];
            return [.. routes.DistinctBy(r => r.Hostname)];
        }
    }
}
