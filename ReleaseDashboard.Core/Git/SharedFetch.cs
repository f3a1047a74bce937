namespace ReleaseDashboard.Core.Git;

/// <summary>
/// One fetch at a time for each key. A caller that comes while one runs gets the next one, shared with all who wait for it:
/// the running one may have asked the remote before the caller's push was there.
/// </summary>
internal sealed class SharedFetch
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];

    public Task RunAsync(string key, Func<Task> fetch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry)) _entries[key] = entry = new Entry();
            if (entry.Running is null) return (entry.Running = FirstAsync(key, entry, fetch)).WaitAsync(cancellationToken);
            return (entry.Next ??= NextAsync(key, entry, entry.Running, fetch)).WaitAsync(cancellationToken);
        }
    }

    private async Task FirstAsync(string key, Entry entry, Func<Task> fetch)
    {
        // Out of the lock first, so that a fetch that ends at once does not run its own clean-up inside it.
        await Task.Yield();
        try
        {
            await fetch().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                entry.Running = entry.Next;
                entry.Next = null;
                if (entry.Running is null) _entries.Remove(key);
            }
        }
    }

    private async Task NextAsync(string key, Entry entry, Task before, Func<Task> fetch)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await FirstAsync(key, entry, fetch).ConfigureAwait(false);
    }

    private sealed class Entry
    {
        public Task? Running { get; set; }
        public Task? Next { get; set; }
    }
}
