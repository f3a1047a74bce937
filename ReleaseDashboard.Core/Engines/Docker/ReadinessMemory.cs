using System.Collections.Concurrent;
using System.Text.Json;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// What is known of the readiness of running instances. Docker does not know it, and a restarted dashboard has forgotten it, so an
/// observation asks again what is not known or known for too long; the probe stands in the container's label.
/// </summary>
internal sealed class ReadinessMemory(DockerConnection docker, Readiness readiness, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshWhenNotReady = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private const int Tries = 3;

    private readonly ConcurrentDictionary<string, Known> _known = new();

    /// <summary>Known to be ready since its last start; false when that is not known.</summary>
    public bool IsReady(ContainerInspectResponse container) =>
        _known.TryGetValue(container.ID, out var known) && known.Ready && known.StartedAt == container.State?.StartedAt;

    public void Remember(ContainerInspectResponse container, bool ready) => _known[container.ID] = new Known(ready, container.State?.StartedAt, clock.GetTimestamp());

    public void Forget(string containerId) => _known.TryRemove(containerId, out _);

    /// <summary>The answer of an observation: true without a probe, else as last known, else asked now.</summary>
    public async Task<bool> ObserveAsync(ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        if (DockerView.Status(container.State?.Status) != InstanceStatus.Running) return false;
        if (Probe(container) is not { } probe) return true;
        if (_known.TryGetValue(container.ID, out var known) && known.StartedAt == container.State?.StartedAt && clock.GetElapsedTime(known.At) < (known.Ready ? Fresh : FreshWhenNotReady)) return known.Ready;
        var asked = clock.GetTimestamp();

        var ready = await AskAsync(probe with { TimeoutSeconds = Math.Min(probe.TimeoutSeconds, LongestAnswer.TotalSeconds) }, container, known is { Ready: true } ? Tries : 1, cancellationToken);

        // A rollout that waits for the same instance may have had its answer while this one was under way: the newer question counts.
        var mine = new Known(ready, container.State?.StartedAt, asked);
        return _known.AddOrUpdate(container.ID, mine, (_, other) => other.At > asked && other.StartedAt == mine.StartedAt ? other : mine).Ready;
    }

    /// <summary>One miss of an instance that was ready does not count: it may just be busy.</summary>
    private async Task<bool> AskAsync(ProbeTemplate probe, ContainerInspectResponse container, int tries, CancellationToken cancellationToken)
    {
        var target = ProbeTarget.Of(container, docker.Endpoint.IsLocalLinux);
        for (var i = 1; ; i++)
        {
            if ((await readiness.AskAsync(probe, target, cancellationToken)).Ready) return true;
            if (i >= tries) return false;
            await Task.Delay(BetweenTries, clock, cancellationToken);
        }
    }

    private static ProbeTemplate? Probe(ContainerInspectResponse container) =>
        container.Config?.Labels is { } labels && labels.TryGetValue(DockerLabels.Probe, out var written) ? JsonSerializer.Deserialize<ProbeTemplate>(written) : null;

    private sealed record Known(bool Ready, string? StartedAt, long At);
}
