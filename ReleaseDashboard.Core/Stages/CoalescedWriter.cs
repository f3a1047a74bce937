namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// Writes a changing state at most once an interval, the newest state always last, never two writes at once. A failed write is
/// thrown by the next <see cref="FlushAsync"/>, so that a lost run ends where it next records something.
/// </summary>
internal sealed class CoalescedWriter : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task> _write;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _marked = new(0);
    private readonly Task _pump;
    private int _dirty;

    public CoalescedWriter(Func<CancellationToken, Task> write, TimeSpan interval, TimeProvider clock)
    {
        (_write, _interval, _clock) = (write, interval, clock);
        _pump = PumpAsync();
    }

    /// <summary>The state changed; it is written soon.</summary>
    public void Mark()
    {
        if (Interlocked.Exchange(ref _dirty, 1) == 0) _marked.Release();
    }

    /// <summary>Returns when every change marked before has been written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Interlocked.Exchange(ref _dirty, 0) == 0) return;
            _marked.Wait(0, CancellationToken.None);
            try
            {
                await _write(cancellationToken);
            }
            catch
            {
                // Still unwritten: whoever flushes next tries again and learns why.
                Mark();
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the loop; what is not flushed is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
        _gate.Dispose();
        _marked.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _marked.WaitAsync(_stop.Token);
                try
                {
                    await FlushAsync(_stop.Token);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Not lost: the change stays marked, and the next explicit flush throws what is wrong.
                }

                await Task.Delay(_interval, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
