namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>
/// What was read of the logs that somebody looks at, so that asking again reads only what is new. A few hundred kilobytes a log at most, for as many logs as are
/// named here, until nobody has asked for a while.
/// </summary>
internal sealed class OutlineCache(TimeProvider clock) : IDisposable
{
    private const int MostLogs = 32;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Lock _gate = new();
    private ITimer? _timer;

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public async Task<LogOutline> AskAsync(string logId, LogContent content, OutlineFrame frame, CancellationToken cancellationToken)
    {
        var entry = Take(logId);
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            // Shorter than it was: another log of the same name. Without lines that were there: these do not count any more.
            if (entry.State is null || content.State.TotalLines < entry.State.Lines || (entry.State.Lines > 0 && content.GoneLines != entry.State.Gone)) entry.State = new OutlineState();
            await Task.Run(() => entry.State.ReadOn(content, cancellationToken), cancellationToken);
            return entry.State.Answer(content.State, frame, content.Kept());
        }
        catch
        {
            // Half of a piece may have been counted.
            entry.State = null;
            throw;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private Entry Take(string logId)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(logId, out var entry))
            {
                if (_entries.Count >= MostLogs) _entries.Remove(_entries.MinBy(e => e.Value.Asked).Key);
                _entries.Add(logId, entry = new Entry());
                _timer ??= clock.CreateTimer(_ => Forget(), null, Kept, Kept);
            }
            entry.Asked = clock.GetUtcNow();
            return entry;
        }
    }

    private void Forget()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var (logId, entry) in _entries.ToList())
            {
                if (now - entry.Asked >= Kept) _entries.Remove(logId);
            }
            if (_entries.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    // Without Dispose: only WaitAsync is used, which holds nothing of the system.
#pragma warning disable CA1001
    private sealed class Entry
#pragma warning restore CA1001
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public OutlineState? State { get; set; }
        public DateTimeOffset Asked { get; set; }
    }
}
