namespace ReleaseDashboard.Core.Routing;

/// <summary>Requests under way to one instance. Once closed it counts no more and is replaced by a new one.</summary>
internal sealed class RequestCounter
{
    private const int Closed = int.MinValue;
    private int _count;
    private TaskCompletionSource? _idle;

    public int Count => Math.Max(0, Volatile.Read(ref _count));

    /// <summary>False when closed.</summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref _count);
        while (seen != Closed)
        {
            var was = Interlocked.CompareExchange(ref _count, seen + 1, seen);
            if (was == seen) return true;
            seen = was;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0) Interlocked.Exchange(ref _idle, null)?.TrySetResult();
    }

    /// <summary>Succeeds only while nothing is under way.</summary>
    public bool TryClose() => Interlocked.CompareExchange(ref _count, Closed, 0) == 0;

    /// <summary>Completes at a moment without requests. A full fence stands between what the caller wrote before and the count read here.</summary>
    public async Task WaitIdleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var idle = Interlocked.CompareExchange(ref _idle, mine, null) ?? mine;
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _count) <= 0)
            {
                // A leave between the two reads may already have taken the source: then it is completed and nobody waits for it.
                if (Interlocked.CompareExchange(ref _idle, null, idle) == idle) idle.TrySetResult();
                return;
            }

            await idle.Task.WaitAsync(cancellationToken);
            if (Volatile.Read(ref _count) <= 0) return;
        }
    }
}
