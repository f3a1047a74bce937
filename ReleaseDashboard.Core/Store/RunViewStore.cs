using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>Builds, deployments and runs as views show them: a fixed number of statements whatever the number of rows.</summary>
internal sealed class RunViewStore(IDbContextFactory<DashboardDb> contexts)
{
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

    /// <summary>What failed and was not mended since: deployments of environments that live, and builds of followed branches that no deployment speaks of.</summary>
    public async Task<(List<Deployment> Deployments, List<Build> Builds)> FailedNowAsync(int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // A canceled or superseded attempt says nothing: only success clears a failure.
        var deployments = await db.Deployments.AsNoTracking()
            .Where(d => d.Status == RunStatus.Failed
                && db.Environments.Any(e => e.Id == d.Environment && e.Phase != EnvironmentPhase.Removed)
                && !db.Deployments.Any(o => o.Environment == d.Environment && o.Id > d.Id && (o.Status == RunStatus.Succeeded || o.Status == RunStatus.Failed)))
            .OrderByDescending(d => d.Id).Take(take).ToListAsync(cancellationToken);
        var builds = await db.Builds.AsNoTracking()
            .Where(b => b.Status == RunStatus.Failed
                && (db.Applications.Any(a => a.Name == b.Application && a.TrackingBranch == b.Branch)
                    || db.Environments.Any(e => e.Application == b.Application && e.Branch == b.Branch && e.Phase != EnvironmentPhase.Removed))
                && !db.Builds.Any(o => o.Application == b.Application && o.Branch == b.Branch && o.Id > b.Id && (o.Status == RunStatus.Succeeded || o.Status == RunStatus.Failed)))
            .OrderByDescending(b => b.Id).Take(take).ToListAsync(cancellationToken);
        var told = deployments.Select(d => d.BuildId).ToHashSet();
        return (await db.WithStagesAsync(deployments, cancellationToken), [.. builds.Where(b => !told.Contains(b.Id)).Select(b => b.ToRecord())]);
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
}
