using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ReleaseDashboard.Core.Store;

/// <summary>Once a day, and at the start: forgets old idempotency keys, lets SQLite look at its statistics, and folds the WAL back into the file.</summary>
internal sealed class StoreUpkeep(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time, ILogger<StoreUpkeep> logger) : BackgroundService
{
    /// <summary>How long a command is remembered under its key: docs/run-states.md says so.</summary>
    public static readonly TimeSpan KeysLive = TimeSpan.FromDays(7);

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>Returns how many keys were forgotten.</summary>
    internal async Task<int> TendAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - KeysLive;
        var forgotten = await gate.WriteAsync((db, token) => db.Idempotency.Where(i => i.At < oldest).ExecuteDeleteAsync(token), cancellationToken, durable: false);

        // Not inside the gate, whose writes are transactions: neither works in one. Who writes meanwhile waits inside SQLite for milliseconds.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA optimize", cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        return forgotten;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host: SQLite's calls block.
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await TendAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogWarning(problem, "The database could not be tended; the next try is tomorrow");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
