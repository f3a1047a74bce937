using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// Renews a run's lease from a timer, not from the work, so that work that takes long keeps it and work that hangs the process loses it. It believes
/// in the lease only until a deadline of its own: whoever could not renew stops before somebody else may begin.
/// </summary>
internal sealed class LeaseKeeper(IRunStore store, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Runs until <paramref name="ended"/>, or until the lease is lost and the work was told to end.</summary>
    public async Task KeepAsync(ActiveRun active, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Every, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                var asked = time.GetTimestamp();
                if (await TryRenewAsync(active, ended) is not { } kept)
                {
                    if (time.GetElapsedTime(renewed) < Lease - Margin) continue;
                    logger.LogError("The lease of run {Run} could not be renewed in time; its work stops here", active.Run.Id);
                    active.End(EndReason.Lost);
                    return;
                }

                if (!kept)
                {
                    logger.LogWarning("Run {Run} is carried on by another attempt; this one stops", active.Run.Id);
                    active.End(EndReason.Lost);
                    return;
                }

                renewed = asked;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    /// <summary>Null when the database could not be asked.</summary>
    private async Task<bool?> TryRenewAsync(ActiveRun active, CancellationToken cancellationToken)
    {
        try
        {
            return await store.RenewAsync(active.Run.Id, active.Run.Attempt, Lease, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            logger.LogWarning(problem, "The lease of run {Run} could not be renewed", active.Run.Id);
            return null;
        }
    }
}
