using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>Finds how the engine differs from what was applied. Setup mends all of it.</summary>
public static class Drift
{
    /// <summary>Empty for an environment to which nothing was applied. While a run works on the environment differences are its work, not drift.</summary>
    public static IReadOnlyList<DriftItem> Find(AppliedState applied, ObservedState observed)
    {
        if (applied.Desired is null && applied.Services.Count == 0) return [];
        var items = new List<DriftItem>();
        if (!observed.HasSpace) items.Add(new DriftItem("network", observed.Environment, "The environment's network is gone."));
        items.AddRange((applied.Desired?.Volumes ?? [])
            .Where(v => !observed.Volumes.Contains(v.Name))
            .Select(v => new DriftItem("volume", v.Name, $"{v.Name}: the volume is gone, and its data with it.")));
        foreach (var (service, hash) in applied.Services.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var instances = observed.Instances.Where(i => i.Service == service).ToList();
            if (Sentence(instances, hash, Health.Replicas(applied, service)) is { } sentence) items.Add(new DriftItem("service", service, $"{service}: {sentence}."));
        }
        items.AddRange(observed.Instances.Select(i => i.Service).Distinct()
            .Where(s => !applied.Services.ContainsKey(s))
            .Order(StringComparer.Ordinal)
            .Select(s => new DriftItem("service", s, $"{s}: it runs, but it is not part of the applied configuration.")));
        return items;
    }

    private static string? Sentence(List<ObservedInstance> instances, string hash, int replicas)
    {
        var right = instances.Where(i => i.Hash == hash).ToList();
        var other = instances.Count - right.Count;
        if (other > 0) return $"{Words.Count(other, "instance")} of another version {(other == 1 ? "is" : "are")} there";
        if (right.Count > replicas) return $"{right.Count} instances are there instead of {replicas}";
        // A probe that fails for a moment is health, not a difference from what was applied.
        return InstanceWords.WhatIsWrong([.. right.Select(i => i with { Ready = true })], replicas);
    }
}
