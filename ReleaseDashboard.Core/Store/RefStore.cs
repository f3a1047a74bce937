using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

internal sealed class RefStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate) : IRefStore
{
    public async Task<IReadOnlyDictionary<string, string>> ReadRefsAsync(string application, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Refs.AsNoTracking().Where(r => r.Application == application).ToDictionaryAsync(r => r.Branch, r => r.Sha, cancellationToken);
    }

    public Task WriteRefAsync(string application, string branch, string? sha, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                var row = await db.Refs.FirstOrDefaultAsync(r => r.Application == application && r.Branch == branch, token);
                if (row is not null && sha is null) db.Refs.Remove(row);
                else if (row is not null) row.Sha = sha!;
                else if (sha is not null) db.Refs.Add(new RefEntity { Application = application, Branch = branch, Sha = sha });

                // Pages that say "a newer commit is there" look again.
                if (row is null || row.Sha != sha) db.Touch(new StoreChange(StoreSubject.Application, application));
                return true;
            },
            cancellationToken);
}
