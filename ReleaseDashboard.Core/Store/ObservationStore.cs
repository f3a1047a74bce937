using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

internal sealed class ObservationStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate) : IObservationStore
{
    public async Task<bool> WriteObservationAsync(string environment, HealthStatus health, SyncStatus sync, IReadOnlyList<DriftItem> drift, CancellationToken cancellationToken)
    {
        var text = StoredJson.Write(drift);
        // The common case, "nothing changed", must not queue behind writers.
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var same = await db.Environments.AsNoTracking()
                .AnyAsync(e => e.Id == environment && e.Health == health && e.Sync == sync && e.Drift == text, cancellationToken);
            if (same) return false;
        }

        return await gate.WriteAsync(
            async (db, token) =>
            {
                var row = await db.Environments.FirstOrDefaultAsync(e => e.Id == environment, token);
                if (row is null || (row.Health == health && row.Sync == sync && row.Drift == text)) return false;
                row.Health = health;
                row.Sync = sync;
                row.Drift = text;
                return true;
            },
            cancellationToken,
            durable: false);
    }
}
