using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>How instances, services and environments are: the worst of the parts.</summary>
public static class Health
{
    public static HealthStatus Of(ObservedInstance instance) => instance.Status switch
    {
        InstanceStatus.Running => instance.Ready ? HealthStatus.Healthy : HealthStatus.Progressing,
        InstanceStatus.Created => HealthStatus.Progressing,
        _ => HealthStatus.Degraded,
    };

    /// <param name="instances">Those of the service; of whatever version, since any may be serving.</param>
    public static HealthStatus Of(DesiredService service, IEnumerable<ObservedInstance> instances) => Of(service.Replicas, [.. instances]);

    /// <summary>Of what was applied, so that a service no workflow has started yet does not count. <see cref="HealthStatus.Unknown"/> when nothing was.</summary>
    public static HealthStatus Of(AppliedState applied, ObservedState observed)
    {
        if (applied.Services.Count == 0) return HealthStatus.Unknown;
        return applied.Services.Keys
            .Select(name => Of(Replicas(applied, name), [.. observed.Instances.Where(i => i.Service == name)]))
            .Max();
    }

    internal static int Replicas(AppliedState applied, string service) => applied.Desired?.Services.FirstOrDefault(s => s.Name == service)?.Replicas ?? 1;

    private static HealthStatus Of(int replicas, List<ObservedInstance> instances)
    {
        if (replicas == 0) return HealthStatus.Healthy;
        var states = instances.Select(Of).ToList();
        if (states.All(s => s == HealthStatus.Degraded)) return states.Count == 0 || instances.All(i => i.Status == InstanceStatus.Exited) ? HealthStatus.Missing : HealthStatus.Degraded;
        // While a new version starts there are more instances than wanted; enough that serve is enough.
        if (states.Count(s => s == HealthStatus.Healthy) >= replicas) return HealthStatus.Healthy;
        return instances.Count < replicas ? HealthStatus.Degraded : states.Max();
    }
}
