using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Pure: which containers of a service stay, which are missing, which go.</summary>
/// <param name="Slots">One for each desired replica; without a container it has to be created.</param>
/// <param name="Old">Another hash, or more than wanted.</param>
/// <param name="Exclusive">
/// The service mounts a volume and instances of another hash run on it: two at once on the same files corrupt a database, so the old ones
/// are stopped before the new ones start. Everything else starts first and stops later.
/// </param>
/// <param name="Volume">The service mounts a volume.</param>
internal sealed record RolloutPlan(IReadOnlyList<RolloutSlot> Slots, IReadOnlyList<ContainerListResponse> Old, bool Exclusive, bool Volume)
{
    public static RolloutPlan Of(DesiredService service, IEnumerable<ContainerListResponse> found)
    {
        var all = found.Where(c => c.State != "removing").ToList();
        var slots = Enumerable.Range(1, service.Replicas)
            .Select(index => new RolloutSlot(index, all.Find(c =>
                c.State != "dead" && DockerView.Label(c, DockerLabels.Hash) == service.Hash && DockerView.Label(c, DockerLabels.Index) == index.ToString())))
            .ToList();
        var old = all.Where(c => !slots.Exists(s => s.Existing == c)).ToList();
        var volume = service.Mounts.Any(m => m.SharedMemoryBytes is null);
        var exclusive = volume
            && slots.Exists(s => s.State != InstanceStatus.Running)
            && old.Exists(c => DockerView.Label(c, DockerLabels.Hash) != service.Hash && DockerView.Status(c.State) != InstanceStatus.Exited);
        return new RolloutPlan(slots, old, exclusive, volume);
    }

    /// <summary>
    /// What has to run again when the new version fails: of a service with a volume the version that served, also where an attempt before this one stopped it and died;
    /// where none served, what this attempt stopped. One version only, because of the volume.
    /// </summary>
    public IReadOnlyList<ContainerListResponse> Return(string? servedHash, IReadOnlyCollection<ContainerListResponse> stopped)
    {
        if (!Volume) return [.. stopped];
        if (Slots.Any(s => s.Existing is { } own && Hash(own) == servedHash)) servedHash = null;
        var served = Old.Where(c => servedHash is not null && Hash(c) == servedHash && (c.State == "exited" || stopped.Contains(c))).ToList();
        if (served.Count > 0) return served;
        return [.. stopped.GroupBy(Hash).OrderByDescending(g => g.Max(c => c.Created)).FirstOrDefault() ?? Enumerable.Empty<ContainerListResponse>()];
    }

    private static string? Hash(ContainerListResponse container) => DockerView.Label(container, DockerLabels.Hash);
}

internal sealed record RolloutSlot(int Index, ContainerListResponse? Existing)
{
    /// <summary>Null when there is no container yet.</summary>
    public InstanceStatus? State => Existing is null ? null : DockerView.Status(Existing.State);
}
