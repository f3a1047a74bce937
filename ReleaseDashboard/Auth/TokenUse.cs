using System.Collections.Concurrent;

namespace ReleaseDashboard.Auth;

/// <summary>When each API token was last used, in memory only: a write to the database with every request would be a high price for it.</summary>
public sealed class TokenUse(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new();

    public DateTimeOffset? Last(string name) => _last.TryGetValue(name, out var at) ? at : null;

    internal void Used(string name) => _last[name] = clock.GetUtcNow();

    internal void Forget(string name) => _last.TryRemove(name, out _);
}
