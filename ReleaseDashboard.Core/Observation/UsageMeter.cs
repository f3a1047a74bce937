using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>Measures CPU and memory, but only of environments somebody looked at within the last seconds: an unwatched dashboard measures nothing.</summary>
internal sealed class UsageMeter(IEngine engine, IChangeFeed feed, TimeProvider clock) : IDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan Interest = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, long> _asked = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<InstanceUsage>> _last = new();
    private readonly SemaphoreSlim _wanted = new(0);

    public IReadOnlyList<InstanceUsage> Read(string environment)
    {
        var known = _asked.ContainsKey(environment);
        _asked[environment] = clock.GetTimestamp();
        if (!known) _wanted.Release();
        return _last.GetValueOrDefault(environment) ?? [];
    }

    /// <summary>Sleeps until somebody looks; ends with the token.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wanted.WaitAsync(cancellationToken);
            while (await MeasureAsync(cancellationToken)) await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    public void Dispose() => _wanted.Dispose();

    /// <returns>False when nobody looks any more.</returns>
    private async Task<bool> MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (var (environment, asked) in _asked)
        {
            if (clock.GetElapsedTime(asked) <= Interest) continue;
            _asked.TryRemove(environment, out _);
            _last.TryRemove(environment, out _);
        }

        await Task.WhenAll(_asked.Keys.Select(e => MeasureAsync(e, cancellationToken)));
        return !_asked.IsEmpty;
    }

    private async Task MeasureAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            var usage = await engine.MeasureAsync(environment, cancellationToken);
            var before = _last.GetValueOrDefault(environment);
            _last[environment] = usage;
            if (before is null || !before.SequenceEqual(usage)) feed.Publish(ChangeKeys.Environment(environment));
        }
        catch (Exception e) when (e is EngineUnavailableException or EngineException)
        {
            // No figure is better than an old one.
            _last.TryRemove(environment, out _);
        }
    }
}
