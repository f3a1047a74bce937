using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// Tells the two reasons for which a run's token ends apart. A person asked: stop the work, the result is <c>canceled</c>. The process stops, or another attempt
/// owns the run: leave everything as it is, above all a running job, for the attempt that carries on.
/// </summary>
internal sealed class RunCancellation(IRecordStore records, long runId, int attempt, TimeProvider clock, CancellationToken outer) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _requested = new();

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Time-boxed token for what has to be said and recorded after the end.</summary>
    public CancellationTokenSource CleanUp() => new(TimeSpan.FromSeconds(20), clock);

    public async Task<bool> WasRequestedAsync()
    {
        if (!outer.IsCancellationRequested) return false;
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            return await records.FindRunAsync(runId, patience.Token) is { CancelRequested: true } run && run.Attempt == attempt;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever cannot be asked did not ask: the run is carried on later, nothing is lost.
            return false;
        }
    }

    /// <summary>Work that must only be stopped when a person asked; otherwise it is let go of and goes on by itself.</summary>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        var running = work(_requested.Token);
        try
        {
            return await running.WaitAsync(outer);
        }
        catch (OperationCanceledException) when (outer.IsCancellationRequested && !running.IsCompleted)
        {
            if (await WasRequestedAsync())
            {
                await _requested.CancelAsync();
                return await running;
            }

            // Observed, so that its end, whatever it is, disturbs nobody.
            _ = running.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    public void Dispose() => _requested.Dispose();
}
