using System.Collections.Concurrent;
using Docker.DotNet.Models;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>What one rollout has done so far, by the instances' numbers: for the receipt, and for taking it back.</summary>
internal sealed class RolloutWork
{
    public ConcurrentDictionary<int, ContainerInspectResponse> Ready { get; } = new();
    public ConcurrentDictionary<int, string> Created { get; } = new();
    public ConcurrentDictionary<int, string> CreatedIds { get; } = new();
    public ConcurrentDictionary<int, string> Restarted { get; } = new();
    public ConcurrentBag<ContainerListResponse> StoppedFirst { get; } = [];

    public string Progress(int wanted) => Ready.Count == wanted ? $"ready ({wanted} of {wanted})" : $"waiting for readiness ({Ready.Count} of {wanted} ready)";
}
