using ReleaseDashboard.Core.Live;

namespace ReleaseDashboard.Tests.Fakes;

/// <summary>Calls back at once, on the publisher's thread, and counts who listens.</summary>
internal sealed class FakeChangeFeed : IChangeFeed
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _subscriptions = [];

    public int Subscriptions
    {
        get
        {
            lock (_lock) return _subscriptions.Count;
        }
    }

    public void Publish(string key)
    {
        Subscription[] listening;
        lock (_lock) listening = [.. _subscriptions.Where(s => s.Keys.Contains(key) || s.Keys.Contains("*"))];
        foreach (var subscription in listening) subscription.Changed(key);
    }

    public IDisposable Subscribe(IReadOnlyCollection<string> keys, Action<string> changed)
    {
        var subscription = new Subscription(this, keys, changed);
        lock (_lock) _subscriptions.Add(subscription);
        return subscription;
    }

    private sealed record Subscription(FakeChangeFeed Feed, IReadOnlyCollection<string> Keys, Action<string> Changed) : IDisposable
    {
        public void Dispose()
        {
            lock (Feed._lock) Feed._subscriptions.RemoveAll(s => ReferenceEquals(s, this));
        }
    }
}
