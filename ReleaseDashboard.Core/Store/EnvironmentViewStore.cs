using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>An environment with what lists say of it.</summary>
internal sealed record EnvironmentData(ReleaseEnvironment Environment, AppliedSummary Applied, Stage? RunningStage, GitCommit? Commit);

/// <summary>Environments as views show them: a fixed number of statements whatever the number of rows.</summary>
internal sealed class EnvironmentViewStore(IDbContextFactory<DashboardDb> contexts)
{
    /// <summary>Rows with their number, newest first.</summary>
    public async Task<List<(long Number, EnvironmentData Data)>> EnvironmentsAsync(string? application, bool includeRemoved, long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Environments.AsNoTracking().Where(e => e.Number < before);
        if (application is not null) query = query.Where(e => e.Application == application);
        if (!includeRemoved) query = query.Where(e => e.Phase != EnvironmentPhase.Removed);
        var rows = await query.OrderByDescending(e => e.Number).Take(take).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.Number).Zip(await WithDetailsAsync(db, rows, cancellationToken))];
    }

    public async Task<List<EnvironmentData>> ExpiringAsync(DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Environments.AsNoTracking()
            .Where(e => e.ExpiresAt != null && e.ExpiresAt <= until && e.Phase != EnvironmentPhase.Removed && e.Phase != EnvironmentPhase.TearingDown)
            .OrderBy(e => e.ExpiresAt).Take(take).ToListAsync(cancellationToken);
        return await WithDetailsAsync(db, rows, cancellationToken);
    }

    public async Task<EnvironmentData?> EnvironmentAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Environments.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, cancellationToken);
        return row is null ? null : (await WithDetailsAsync(db, [row], cancellationToken))[0];
    }

    private static async Task<List<EnvironmentData>> WithDetailsAsync(DashboardDb db, List<EnvironmentEntity> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return [];
        var ids = rows.Select(e => e.Id).ToList();
        var summaries = await db.Applied.Where(a => ids.Contains(a.Environment) && a.Summary != null).ToDictionaryAsync(a => a.Environment, a => a.Summary!, cancellationToken);
        var running = await db.Runs.Where(r => r.Environment != null && ids.Contains(r.Environment) && r.Status == RunStatus.Running)
            .Select(r => new { r.Environment, r.Stage }).ToListAsync(cancellationToken);
        var buildIds = rows.Select(e => e.BuildId).OfType<long>().Distinct().ToList();
        var commits = await db.Builds.AsNoTracking().Where(b => buildIds.Contains(b.Id)).ToDictionaryAsync(b => b.Id, b => b.Committed(), cancellationToken);
        return [.. rows.Select(e => new EnvironmentData(
            e.ToRecord(),
            summaries.TryGetValue(e.Id, out var summary) ? StoredJson.Read<AppliedSummary>(summary) : AppliedSummary.None,
            running.Find(r => r.Environment == e.Id)?.Stage,
            e.BuildId is { } build && commits.TryGetValue(build, out var commit) && commit.Sha == e.Commit ? commit : null))];
    }
}
