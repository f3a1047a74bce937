using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <param name="Number">Of its row: what its page is cut by.</param>
internal sealed record ApplicationData(long Number, Application Application, int Environments, Build? LastBuild);

/// <summary>Applications, configurations, activity and search as views show them: a fixed number of statements whatever the number of rows.</summary>
internal sealed class ViewStore(IDbContextFactory<DashboardDb> contexts, ITextProtection protection)
{
    public async Task<List<ApplicationData>> ApplicationsAsync(long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Applications.AsNoTracking().Where(a => a.Number < before).OrderByDescending(a => a.Number).Take(take).ToListAsync(cancellationToken);
        var names = rows.Select(a => a.Name).ToList();
        var counts = await db.Environments.Where(e => names.Contains(e.Application) && e.Phase != EnvironmentPhase.Removed)
            .GroupBy(e => e.Application).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var lastIds = await db.Builds.Where(b => names.Contains(b.Application)).GroupBy(b => b.Application).Select(g => g.Max(b => b.Id)).ToListAsync(cancellationToken);
        var builds = (await db.Builds.AsNoTracking().Where(b => lastIds.Contains(b.Id)).ToListAsync(cancellationToken)).ToDictionary(b => b.Application, b => b.ToRecord());
        return [.. rows.Select(a => new ApplicationData(a.Number, a.ToRecord(protection), counts.GetValueOrDefault(a.Name), builds.GetValueOrDefault(a.Name)))];
    }

    public async Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Applications.AsNoTracking().FirstOrDefaultAsync(a => a.Name == name, cancellationToken))?.ToRecord(protection);
    }

    public async Task<int> CountApplicationsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Applications.CountAsync(cancellationToken);
    }

    public async Task<string?> TrackedShaAsync(string application, string branch, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Refs.Where(r => r.Application == application && r.Branch == branch).Select(r => r.Sha).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The commit as some build of it remembers it.</summary>
    public async Task<GitCommit?> CommitAsync(string application, string sha, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Builds.AsNoTracking().FirstOrDefaultAsync(b => b.Application == application && b.Commit == sha, cancellationToken))?.Committed();
    }

    public async Task<SavedConfiguration?> ConfigurationAsync(string? application, string? environment, ConfigurationVersion? version, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = Configurations(db, application, environment);
        if (version is { } wanted) query = query.Where(c => c.Default == wanted.Default && c.Specific == wanted.Specific);
        return (await query.OrderByDescending(c => c.Default).ThenByDescending(c => c.Specific).FirstOrDefaultAsync(cancellationToken))?.ToRecord(protection);
    }

    public async Task<List<SavedConfiguration>> HistoryAsync(string? application, string? environment, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Configurations(db, application, environment).OrderByDescending(c => c.Default).ThenByDescending(c => c.Specific).Take(take).ToListAsync(cancellationToken);
        return [.. rows.Select(c => c.ToRecord(protection))];
    }

    public async Task<List<ActivityEntity>> ActivityAsync(long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Activity.AsNoTracking().Where(a => a.Id < before).OrderByDescending(a => a.Id).Take(take).ToListAsync(cancellationToken);
    }

    public async Task<(List<Application> Applications, List<ReleaseEnvironment> Environments, List<Build> Builds, List<Deployment> Deployments)> SearchAsync(string text, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pattern = $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        var applications = await db.Applications.AsNoTracking().Where(a => EF.Functions.Like(a.Name, pattern, "\\")).OrderByDescending(a => a.Number).Take(take).ToListAsync(cancellationToken);
        var environments = await db.Environments.AsNoTracking().Where(e => EF.Functions.Like(e.Id, pattern, "\\") || EF.Functions.Like(e.Branch, pattern, "\\"))
            .OrderBy(e => e.RemovedAt != null).ThenByDescending(e => e.Number).Take(take).ToListAsync(cancellationToken);
        var prefix = text.ToLowerInvariant();
        var builds = await db.Builds.AsNoTracking().Where(b => b.Commit.StartsWith(prefix) || EF.Functions.Like(b.Message, pattern, "\\")).OrderByDescending(b => b.Id).Take(take).ToListAsync(cancellationToken);
        var number = long.TryParse(text, out var parsed) ? parsed : -1;
        var deployments = await db.Deployments.AsNoTracking().Where(d => d.Id == number || EF.Functions.Like(d.Environment, pattern, "\\")).OrderByDescending(d => d.Id).Take(take).ToListAsync(cancellationToken);
        return (
            [.. applications.Select(a => a.ToRecord(protection))], [.. environments.Select(e => e.ToRecord())], [.. builds.Select(b => b.ToRecord())],
            await db.WithStagesAsync(deployments, cancellationToken));
    }

    private static IQueryable<ConfigurationEntity> Configurations(DashboardDb db, string? application, string? environment)
    {
        var query = db.Configurations.AsNoTracking();
        return environment is null ? query.Where(c => c.Application == application && c.Environment == null) : query.Where(c => c.Environment == environment);
    }
}
