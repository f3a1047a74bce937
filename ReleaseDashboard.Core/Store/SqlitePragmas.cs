using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ReleaseDashboard.Core.Store;

/// <summary>Sets what SQLite forgets with every connection.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // journal_mode is written into the file and costs nothing when it is already set.
    // busy_timeout: SQLite itself waits for a lock; without it the provider polls every 150 ms.
    // synchronous: WriteGate raises it to FULL for what is acknowledged to somebody.
    // journal_size_limit: a WAL that once grew is cut back at the next checkpoint.
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
