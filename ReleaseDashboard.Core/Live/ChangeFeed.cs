using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ReleaseDashboard.Core.Live;

/// <summary>
/// The feed of one process. Subscribers of a key are an immutable array, so that publishing takes no lock and a callback may subscribe or
/// unsubscribe.
/// </summary>
internal sealed class ChangeFeed(ILogger<ChangeFeed> logger) : IChangeFeed
{
    private const string Everything = "*";

    private readonly ConcurrentDictionary<string, Subscription[]> _subscriptions = new(StringComparer.Ordinal);

    public void Publish(string key)
    {
        if (_subscriptions.TryGetValue(key, out var interested)) Tell(interested, key);
        if (_subscriptions.TryGetValue(Everything, out var all)) Tell(all, key);
    }

    public IDisposable Subscribe(IReadOnlyCollection<string> keys, Action<string> changed)
    {
        var subscription = new Subscription(this, [.. keys.Distinct(StringComparer.Ordinal)], changed);
        foreach (var key in subscription.Keys)
            _subscriptions.AddOrUpdate(key, _ => [subscription], (_, present) => [.. present, subscription]);
        return subscription;
    }

    private void Tell(Subscription[] subscriptions, string key)
    {
        foreach (var subscription in subscriptions)
        {
            try
            {
                subscription.Changed(key);
            }
            catch (Exception problem)
            {
                // One broken reader must not keep the news from the others, nor reach the writer that published.
                logger.LogError(problem, "A reader of the change feed failed on {Key}", key);
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        foreach (var key in subscription.Keys)
        {
            while (_subscriptions.TryGetValue(key, out var present))
            {
                var rest = Array.FindAll(present, other => other != subscription);
                var entry = new KeyValuePair<string, Subscription[]>(key, present);
                // An empty key is taken out, or ids of runs long gone would pile up.
                if (rest.Length == 0 ? _subscriptions.TryRemove(entry) : _subscriptions.TryUpdate(key, rest, present)) break;
            }
        }
    }

    private sealed class Subscription(ChangeFeed feed, IReadOnlyList<string> keys, Action<string> changed) : IDisposable
    {
        private int _disposed;

        public IReadOnlyList<string> Keys => keys;

        public void Changed(string key)
        {
            if (Volatile.Read(ref _disposed) == 0) changed(key);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) feed.Remove(this);
        }
    }
}
