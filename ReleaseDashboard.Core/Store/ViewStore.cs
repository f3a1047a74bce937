using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>The queries of the views: each reads what one page shows, in a fixed number of statements whatever the number of rows.</summary>
internal sealed class ViewStore(IDbContextFactory<DashboardDb> contexts, ITextProtection protection)
{
    /// <summary>An environment with what lists say of it.</summary>
    public sealed record EnvironmentData(ReleaseEnvironment Environment, AppliedSummary Applied, Stage? RunningStage, GitCommit? Commit);

    public sealed record ApplicationData(Application Application, int Environments, Build? LastBuild);

    public async Task<List<ApplicationData>> ApplicationsAsync(long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Applications.AsNoTracking().Where(a => a.Number < before).OrderByDescending(a => a.Number).Take(take).ToListAsync(cancellationToken);
        var names = rows.Select(a => a.Name).ToList();
        var counts = await db.Environments.Where(e => names.Contains(e.Application) && e.Phase != EnvironmentPhase.Removed)
            .GroupBy(e => e.Application).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var lastIds = await db.Builds.Where(b => names.Contains(b.Application)).GroupBy(b => b.Application).Select(g => g.Max(b => b.Id)).ToListAsync(cancellationToken);
        var builds = (await db.Builds.AsNoTracking().Where(b => lastIds.Contains(b.Id)).ToListAsync(cancellationToken)).ToDictionary(b => b.Application, b => b.ToRecord());
        return [.. rows.Select(a => new ApplicationData(a.ToRecord(), counts.GetValueOrDefault(a.Name), builds.GetValueOrDefault(a.Name)))];
    }

    public async Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Applications.AsNoTracking().FirstOrDefaultAsync(a => a.Name == name, cancellationToken))?.ToRecord();
    }

    /// <summary>Number of an application's row: what its page is cut by.</summary>
    public async Task<Dictionary<string, long>> NumbersAsync(IReadOnlyCollection<string> applications, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Applications.Where(a => applications.Contains(a.Name)).ToDictionaryAsync(a => a.Name, a => a.Number, cancellationToken);
    }

    public async Task<int> CountApplicationsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Applications.CountAsync(cancellationToken);
    }

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

    public async Task<List<Build>> BuildsAsync(string application, long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Builds.AsNoTracking().Where(b => b.Application == application && b.Id < before).OrderByDescending(b => b.Id).Take(take).ToListAsync(cancellationToken)).Select(b => b.ToRecord())];
    }

    /// <summary>The build, its run, its progress, all builds of the commit and the build of another commit before it.</summary>
    public async Task<(Build Build, Run Run, IReadOnlyList<BuildProgress> Progress, List<DeploymentStage> Attempts, Build? Previous)?> BuildAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Builds.AsNoTracking().FirstOrDefaultAsync(b => b.Id == id, cancellationToken) is not { } build) return null;
        if (await db.Runs.AsNoTracking().FirstOrDefaultAsync(r => r.Id == build.RunId, cancellationToken) is not { } run) return null;
        var progress = await db.BuildProgress.Where(p => p.BuildId == id).Select(p => p.Progress).FirstOrDefaultAsync(cancellationToken);
        var attempts = await (
            from other in db.Builds
            join of in db.Runs on other.RunId equals of.Id
            where other.Application == build.Application && other.Commit == build.Commit
            orderby other.Id descending
            select new DeploymentStage(of.Stage, of.Status, of.Id, of.QueuedAt, of.StartedAt, of.FinishedAt)).Take(20).ToListAsync(cancellationToken);
        var previous = await db.Builds.AsNoTracking()
            .Where(b => b.Application == build.Application && b.Branch == build.Branch && b.Commit != build.Commit && b.Id < id && b.Status == RunStatus.Succeeded)
            .OrderByDescending(b => b.Id).FirstOrDefaultAsync(cancellationToken);
        return (build.ToRecord(), run.ToRecord(), progress is null ? [] : StoredJson.Read<List<BuildProgress>>(progress), attempts, previous?.ToRecord());
    }

    public async Task<List<Deployment>> DeploymentsAsync(string? application, string? environment, RunStatus? status, long before, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Deployments.AsNoTracking().Where(d => d.Id < before);
        if (environment is not null) query = query.Where(d => d.Environment == environment);
        else if (application is not null) query = query.Where(d => d.Application == application);
        if (status is { } wanted) query = query.Where(d => d.Status == wanted);
        return await db.WithStagesAsync(await query.OrderByDescending(d => d.Id).Take(take).ToListAsync(cancellationToken), cancellationToken);
    }

    public async Task<Deployment?> DeploymentAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Deployments.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancellationToken);
        return row is null ? null : (await db.WithStagesAsync([row], cancellationToken))[0];
    }

    /// <summary>Runs with their steps, in the order of the ids given.</summary>
    public async Task<List<(Run Run, IReadOnlyList<RunStep> Steps)>> RunsAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellationToken);
        var steps = await db.RunSteps.Where(s => ids.Contains(s.RunId)).ToDictionaryAsync(s => s.RunId, s => s.Steps, cancellationToken);
        return [.. ids.Where(runs.ContainsKey).Select(id => (runs[id].ToRecord(), steps.TryGetValue(id, out var text) ? (IReadOnlyList<RunStep>)StoredJson.Read<List<RunStep>>(text) : []))];
    }

    public async Task<List<Run>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Runs.AsNoTracking().Where(r => r.Status == RunStatus.Queued || r.Status == RunStatus.Running).OrderBy(r => r.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.ToRecord())];
    }

    public async Task<List<Run>> LastEndedAsync(int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Runs.AsNoTracking().Where(r => r.FinishedAt != null).OrderByDescending(r => r.FinishedAt).Take(take).ToListAsync(cancellationToken)).Select(r => r.ToRecord())];
    }

    /// <summary>How long the last succeeded runs of a stage took, newest first: in the environment, or of the application for a build.</summary>
    public async Task<List<TimeSpan>> DurationsAsync(string application, string? environment, Stage stage, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Runs.Where(r => r.Stage == stage && r.Status == RunStatus.Succeeded && r.FinishedAt != null && r.StartedAt != null);
        query = environment is null ? query.Where(r => r.Application == application) : query.Where(r => r.Environment == environment);
        var rows = await query.OrderByDescending(r => r.FinishedAt).Take(take).Select(r => new { r.StartedAt, r.FinishedAt }).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.FinishedAt!.Value - r.StartedAt!.Value)];
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
            [.. applications.Select(a => a.ToRecord())], [.. environments.Select(e => e.ToRecord())], [.. builds.Select(b => b.ToRecord())],
            await db.WithStagesAsync(deployments, cancellationToken));
    }

    private static IQueryable<ConfigurationEntity> Configurations(DashboardDb db, string? application, string? environment)
    {
        var query = db.Configurations.AsNoTracking();
        return environment is null ? query.Where(c => c.Application == application && c.Environment == null) : query.Where(c => c.Environment == environment);
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
