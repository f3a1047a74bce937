using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Makes images available ahead of their use: each is asked for once, all at the same time, and who needs one waits for that one only.</summary>
internal sealed class ImagePulls(IEngine engine)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _pulls = new();

    public void Start(string image, bool built, TaskLog log, CancellationToken cancellationToken) => _ = EnsureAsync(image, built, log, cancellationToken);

    /// <summary>Throws as <see cref="IEngine.EnsureImageAsync"/>.</summary>
    public Task EnsureAsync(string image, bool built, TaskLog log, CancellationToken cancellationToken) =>
        _pulls.GetOrAdd(image, _ => new Lazy<Task>(() => engine.EnsureImageAsync(image, built, new SystemOutput(log), cancellationToken))).Value;

    /// <summary>Waits for pulls nobody came to need, so that none outlives its run; who needed one has seen how it ended.</summary>
    public async Task SettleAsync()
    {
        foreach (var pull in _pulls.Values) await pull.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
