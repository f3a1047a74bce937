using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Docker.DotNet;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>CPU and memory of an environment's instances: one quick reading each; the share of a CPU comes from the reading before.</summary>
internal sealed class DockerUsage(DockerConnection docker, DockerContainers containers)
{
    private readonly ConcurrentDictionary<string, Reading> _last = new();

    public async Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken)
    {
        var found = await containers.ListAsync(cancellationToken, DockerLabels.Is(DockerLabels.Environment, environment), DockerLabels.Service);
        var usage = await Task.WhenAll(found.Where(c => c.State == "running").Select(c => MeasureOneAsync(c.ID, cancellationToken)));
        foreach (var gone in found.Where(c => c.State != "running")) _last.TryRemove(gone.ID, out _);
        return [.. usage.OfType<InstanceUsage>()];
    }

    private async Task<InstanceUsage?> MeasureOneAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/containers/{id}/stats?stream=0&one-shot=1");
            using var answer = await docker.SendAsync(request, cancellationToken);
            await using var body = await docker.ReadAsync(async () => await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            using var stats = await docker.ReadAsync(async () => await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken), cancellationToken);
            return Read(id, stats.RootElement);
        }
        catch (Exception problem) when (problem is DockerApiException or JsonException)
        {
            // The container went away: Docker says so, or has answered already and ends the answer with nothing in it.
            _last.TryRemove(id, out _);
            return null;
        }
    }

    /// <summary><c>{"read":"…","cpu_stats":{"cpu_usage":{"total_usage":ns}},"memory_stats":{"usage":…,"limit":…,"stats":{"total_inactive_file":…}}}</c>; memory is empty for what has just ended.</summary>
    private InstanceUsage? Read(string id, JsonElement stats)
    {
        if (!stats.TryGetProperty("memory_stats", out var memory) || !memory.TryGetProperty("usage", out var usage)) return null;
        var now = new Reading(
            DateTimeOffset.Parse(stats.GetProperty("read").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            stats.GetProperty("cpu_stats").GetProperty("cpu_usage").GetProperty("total_usage").GetInt64());
        _last.TryGetValue(id, out var before);
        _last[id] = now;
        var seconds = before is null ? 0 : (now.At - before.At).TotalSeconds;
        var cores = seconds > 0 ? (now.CpuNanoseconds - before!.CpuNanoseconds) / 1e9 / seconds : 0;
        // The limit of an unlimited container is the machine's memory: that is no limit.
        var limit = memory.TryGetProperty("limit", out var written) && written.TryGetInt64(out var bytes) && bytes < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes ? bytes : (long?)null;
        return new InstanceUsage(id, Math.Max(0, cores), Math.Max(0, usage.GetInt64() - Cache(memory)), limit);
    }

    /// <summary>File cache that the kernel takes back when it needs it, as <c>docker stats</c> leaves it out: cgroup 1 and 2 name it differently.</summary>
    private static long Cache(JsonElement memory)
    {
        if (!memory.TryGetProperty("stats", out var detail)) return 0;
        return detail.TryGetProperty("total_inactive_file", out var one) ? one.GetInt64() : detail.TryGetProperty("inactive_file", out var two) ? two.GetInt64() : 0;
    }

    private sealed record Reading(DateTimeOffset At, long CpuNanoseconds);
}
