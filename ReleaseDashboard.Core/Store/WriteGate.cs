using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ReleaseDashboard.Core.Store;

/// <summary>
/// The one way to write. SQLite has one writer at a time: waiting for it here costs no thread, waiting inside SQLite blocks one. Each write is one
/// transaction, begun IMMEDIATE, so that it never reads first and then finds that somebody else wrote.
/// </summary>
internal sealed class WriteGate(IDbContextFactory<DashboardDb> contexts, IStoreListener listener) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Carries out <paramref name="change"/> and commits. Not for enumerating while writing: read into lists.</summary>
    /// <param name="keep">False rolls everything back and still returns the result; null always commits.</param>
    /// <param name="durable">True: on disk when the call returns, whatever happens to the machine. False: survives the end of the process, not of the power.</param>
    /// <exception cref="StorageFullException">The disk is full; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<DashboardDb, CancellationToken, Task<T>> change, CancellationToken cancellationToken, bool durable = true, Func<T, bool>? keep = null)
    {
        await _gate.WaitAsync(cancellationToken);
        T result;
        IReadOnlyCollection<StoreChange> changes;
        try
        {
            // SQLite's async calls block: off the caller's thread, which may be drawing somebody's page.
            (result, changes) = await Task.Run(() => WriteInsideAsync(change, durable, keep, cancellationToken), CancellationToken.None);
        }
        catch (Exception problem) when (IsFull(problem))
        {
            throw new StorageFullException(problem);
        }
        finally
        {
            _gate.Release();
        }

        if (changes.Count > 0) listener.Changed(changes);
        return result;
    }

    public void Dispose() => _gate.Dispose();

    private async Task<(T Result, IReadOnlyCollection<StoreChange> Changes)> WriteInsideAsync<T>(
        Func<DashboardDb, CancellationToken, Task<T>> change, bool durable, Func<T, bool>? keep, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        if (durable) await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous=FULL", cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await change(db, cancellationToken);
        if (keep is not null && !keep(result)) return (result, []);

        // From here on nobody may stop it half-way: a commit is over in milliseconds.
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return (result, StoreChange.Of(db.Touched));
    }

    /// <summary>SQLITE_FULL, or SQLITE_IOERR while writing, which is how some file systems say it.</summary>
    private static bool IsFull(Exception problem) =>
        problem is SqliteException { SqliteErrorCode: 13 }
        or SqliteException { SqliteExtendedErrorCode: 778 }
        or DbUpdateException { InnerException: SqliteException { SqliteErrorCode: 13 } or SqliteException { SqliteExtendedErrorCode: 778 } };
}

/// <summary>The disk of the data directory is full: nothing was written.</summary>
public sealed class StorageFullException(Exception? inner = null)
    : Exception("The disk of the data directory is full, so nothing could be saved. Free some space and try again.", inner);
