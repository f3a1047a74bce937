using System.Collections.Concurrent;
using System.Globalization;
using Docker.DotNet.Models;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Proof that the engine, or the machine under it, stopped while a job ran. Docker does not say when it was started, and a job may end itself with the exit code of
/// one that was killed; a migration that is run twice for that may do harm.
/// </summary>
/// <param name="machineStarted">When the machine was started on which the daemon runs; null where that is not known.</param>
internal sealed class EngineStops(Func<DateTimeOffset?> machineStarted)
{
    private readonly ConcurrentDictionary<string, bool> _seen = new();

    public static EngineStops On(DockerEndpoint endpoint) => new(() => endpoint.IsLocalLinux ? MachineStarted() : null);

    /// <summary>The engine was away while this process waited for a job.</summary>
    /// <param name="job">Name of its container.</param>
    public void Saw(string job) => _seen[job] = true;

    /// <summary>True when there is proof. What was seen counts once.</summary>
    public bool Ended(string job, ContainerInspectResponse container) =>
        _seen.TryRemove(job, out _) || DockerView.StartedAt(container) < machineStarted();

    /// <summary>The kernel's own word; a clock that counts from the start stands still while a laptop sleeps.</summary>
    private static DateTimeOffset? MachineStarted()
    {
        try
        {
            var line = File.ReadLines("/proc/stat").FirstOrDefault(l => l.StartsWith("btime ", StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(6), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
