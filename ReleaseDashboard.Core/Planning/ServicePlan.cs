using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>What one service needs.</summary>
internal static class ServicePlan
{
    public static PlanAction Of(DesiredService desired, ObservedState observed, AppliedState applied, string step, string task)
    {
        var instances = observed.Instances.Where(i => i.Service == desired.Name).ToList();
        var (kind, reason) = Decide(desired, instances, applied.Desired?.Services.FirstOrDefault(s => s.Name == desired.Name));
        return new PlanAction(kind, step, task, desired.Name, reason);
    }

    private static (PlanActionKind Kind, string Reason) Decide(DesiredService desired, List<ObservedInstance> instances, DesiredService? before)
    {
        if (instances.Count == 0)
        {
            if (desired.Replicas == 0) return (PlanActionKind.KeepService, "no instance is wanted");
            return before is null ? (PlanActionKind.CreateService, "no instance is running") : (PlanActionKind.CreateService, "no instance is left");
        }

        var right = instances.Where(i => i.Hash == desired.Hash).ToList();
        if (right.Count == 0) return (PlanActionKind.ReplaceService, before is null || before.Hash == desired.Hash ? "another version is running" : Difference.Between(before, desired));
        if (right.Count < instances.Count) return (PlanActionKind.ReplaceService, $"{Words.Count(instances.Count - right.Count, "instance")} of another version {(instances.Count - right.Count == 1 ? "is" : "are")} left");
        if (right.Count > desired.Replicas || (right.Count < desired.Replicas && before is not null && before.Replicas != desired.Replicas))
            return (PlanActionKind.ScaleService, $"{right.Count} → {Words.Count(desired.Replicas, "instance")}");
        if (InstanceWords.WhatIsWrong(right, desired.Replicas) is { } wrong) return (PlanActionKind.RepairService, wrong);
        return (PlanActionKind.KeepService, desired.Replicas == 1 ? "it is as it should be" : $"all {desired.Replicas} instances are as they should be");
    }
}
