using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

internal sealed class TokenStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time) : ITokenStore
{
    public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        SaveAsync(name, kind, secret, expiresAt, null, cancellationToken);

    public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, string actor, string action, CancellationToken cancellationToken) =>
        SaveAsync(name, kind, secret, expiresAt, new ActivityEntity { At = time.GetUtcNow(), Actor = actor, Action = action, Subject = name }, cancellationToken);

    private Task<bool> SaveAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, ActivityEntity? activity, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                if (activity is not null) db.Activity.Add(activity);
                var row = await db.Tokens.FirstOrDefaultAsync(t => t.Kind == kind && t.Name == name, token);
                if (row is null) db.Tokens.Add(new TokenEntity { Kind = kind, Name = name, Hash = Hash(secret), ExpiresAt = expiresAt });
                else (row.Hash, row.ExpiresAt) = (Hash(secret), expiresAt);
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<StoredToken>> TokensAsync(string kind, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Tokens.AsNoTracking().Where(t => t.Kind == kind).OrderBy(t => t.Name).Select(t => new { t.Name, t.ExpiresAt }).ToListAsync(cancellationToken);
        // The activity has when they were made: a row of its own was written with each.
        var made = await db.Activity.AsNoTracking().Where(a => a.Action == ITokenStore.Created).GroupBy(a => a.Subject)
            .Select(g => new { Name = g.Key, At = g.Max(a => a.At) }).ToDictionaryAsync(a => a.Name, a => a.At, cancellationToken);
        var now = time.GetUtcNow();
        return [.. rows.Where(r => r.ExpiresAt is null || r.ExpiresAt > now).Select(r => new StoredToken(r.Name, made.TryGetValue(r.Name, out var at) ? at : null, r.ExpiresAt))];
    }

    public async Task<string?> FindOwnerAsync(string kind, string secret, CancellationToken cancellationToken)
    {
        var hash = Hash(secret);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var candidates = await db.Tokens.AsNoTracking().Where(t => t.Kind == kind).ToListAsync(cancellationToken);
        string? owner = null;
        var now = time.GetUtcNow();
        foreach (var candidate in candidates)
        {
            // All of them, each in constant time: how long it takes says nothing of how near a guess was.
            var same = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(candidate.Hash), Encoding.ASCII.GetBytes(hash));
            if (same && (candidate.ExpiresAt is null || candidate.ExpiresAt > now)) owner = candidate.Name;
        }

        return owner;
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
