using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Store;

/// <summary>Makes the database ready before any other hosted service starts: takes the data directory, brings the tables up to date.</summary>
internal sealed class StoreStart(IDbContextFactory<DashboardDb> contexts, IOptions<CoreOptions> options, TimeProvider time, ILogger<StoreStart> logger)
    : IHostedLifecycleService, IDisposable
{
    private DataDirectoryLock? _lock;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.DataDirectory);
        _lock = await DataDirectoryLock.TakeAsync(options.Value.DataDirectory, time, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count == 0) return;
        logger.LogInformation("Bringing the database up to date: {Migrations}", string.Join(", ", pending));
        await db.Database.MigrateAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>With the container, after everything that may still write.</summary>
    public void Dispose()
    {
        if (_lock is null) return;
        // Pooled connections would keep the file open; the last one closed also folds the WAL back into it.
        using var connection = new SqliteConnection(StoreServices.ConnectionString(options.Value));
        SqliteConnection.ClearPool(connection);
        _lock.Dispose();
        _lock = null;
    }
}
