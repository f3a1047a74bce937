using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>
/// What a command may read and write, inside one transaction. Rows that are read are tracked: changing one is writing it. The rules are the
/// command's; this class only knows where things are.
/// </summary>
internal sealed class CommandTransaction(DashboardDb db, ITextProtection protection, DateTimeOffset now, CancellationToken cancellationToken)
{
    public DateTimeOffset Now => now;

    public Task<ApplicationEntity?> ApplicationAsync(string name) => db.Applications.FirstOrDefaultAsync(a => a.Name == name, cancellationToken);

    public Task<EnvironmentEntity?> EnvironmentAsync(string id) => db.Environments.FirstOrDefaultAsync(e => e.Id == id, cancellationToken);

    public Task<BuildEntity?> BuildAsync(long id) => db.Builds.FirstOrDefaultAsync(b => b.Id == id, cancellationToken);

    public Task<DeploymentEntity?> DeploymentAsync(long id) => db.Deployments.FirstOrDefaultAsync(d => d.Id == id, cancellationToken);

    public Task<RunEntity> RunAsync(long id) => db.Runs.FirstAsync(r => r.Id == id, cancellationToken);

    public Task<bool> IdWasEverUsedAsync(string environment) => db.Environments.AnyAsync(e => e.Id == environment, cancellationToken);

    public Task<List<string>> LivingEnvironmentsAsync(string application) =>
        db.Environments.Where(e => e.Application == application && e.Phase != EnvironmentPhase.Removed).Select(e => e.Id).ToListAsync(cancellationToken);

    /// <summary>Newest of the commit with these instructions that may still be of use: one that failed or is being canceled is not.</summary>
    public async Task<BuildEntity?> ReusableBuildAsync(string application, string commit, string specHash)
    {
        var usable = await (
            from build in db.Builds
            join run in db.Runs on build.RunId equals run.Id
            where build.Application == application && build.Commit == commit && build.SpecHash == specHash
            where build.Status == RunStatus.Succeeded
                || ((build.Status == RunStatus.Queued || build.Status == RunStatus.Running) && run.CancelRequestedAt == null)
            orderby build.Id descending
            select build).FirstOrDefaultAsync(cancellationToken);
        return usable;
    }

    public Task<List<RunEntity>> UnfinishedRunsAsync(string environment) =>
        db.Runs.Where(r => r.Environment == environment && (r.Status == RunStatus.Queued || r.Status == RunStatus.Running)).OrderBy(r => r.Id).ToListAsync(cancellationToken);

    public Task<List<RunEntity>> UnfinishedBuildsAsync(string application) =>
        db.Runs.Where(r => r.Application == application && r.Stage == Stage.Build && (r.Status == RunStatus.Queued || r.Status == RunStatus.Running)).ToListAsync(cancellationToken);

    public Task<List<RunEntity>> StagesAsync(long deployment) => (
        from stage in db.DeploymentStages
        join run in db.Runs on stage.RunId equals run.Id
        where stage.DeploymentId == deployment
        orderby stage.Position
        select run).ToListAsync(cancellationToken);

    /// <summary>Is the run a stage of another deployment that has not ended?</summary>
    public Task<bool> IsWantedElsewhereAsync(long run, long deployment) => (
        from stage in db.DeploymentStages
        join other in db.Deployments on stage.DeploymentId equals other.Id
        where stage.RunId == run && other.Id != deployment && (other.Status == RunStatus.Queued || other.Status == RunStatus.Running)
        select other.Id).AnyAsync(cancellationToken);

    public async Task<Deployment> RecordAsync(DeploymentEntity deployment) => (await db.WithStagesAsync([deployment], cancellationToken))[0];

    public async Task<SavedConfiguration?> ConfigurationAsync(string application, string? environment) => (await db.Configurations
        .Where(c => c.Application == application && c.Environment == environment)
        .OrderByDescending(c => c.Default).ThenByDescending(c => c.Specific)
        .FirstOrDefaultAsync(cancellationToken))?.ToRecord(protection);

    public async Task<SavedConfiguration?> ConfigurationAsync(string environment, ConfigurationVersion version) => (await db.Configurations
        .FirstOrDefaultAsync(c => c.Environment == environment && c.Default == version.Default && c.Specific == version.Specific, cancellationToken))?.ToRecord(protection);

    public async Task<SavedConfiguration?> ApplicationConfigurationAsync(string application, ConfigurationVersion version) => (await db.Configurations
        .FirstOrDefaultAsync(c => c.Application == application && c.Environment == null && c.Default == version.Default, cancellationToken))?.ToRecord(protection);

    public SavedConfiguration Save(string application, string? environment, ConfigurationVersion version, ConfigurationText text, string by)
    {
        var row = new ConfigurationEntity
        {
            Application = application,
            Environment = environment,
            Default = version.Default,
            Specific = version.Specific,
            Template = text.Template,
            Variables = protection.Protect(text.Variables),
            SavedAt = now,
            SavedBy = by,
        };
        db.Configurations.Add(row);
        return row.ToRecord(protection);
    }

    public string Protect(string clear) => protection.Protect(clear);

    public string SealAddress(string address) => protection.SealAddress(address);

    /// <summary>With the full address of its repository, for git.</summary>
    public Application Record(ApplicationEntity application) => application.ToRecord(protection);

    /// <summary>What an application of that name left behind in the ledger.</summary>
    public Task ForgetRefsAsync(string application) => db.Refs.Where(r => r.Application == application).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Adds a row and writes it, so that its id is known.</summary>
    public async Task<T> AddAsync<T>(T row) where T : class
    {
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return row;
    }

    public Task EndAsync(RunEntity run, RunResult result) => db.EndAsync(run, result, now, cancellationToken);

    public void Activity(string actor, string action, string subject, string? link) =>
        db.Activity.Add(new ActivityEntity { At = now, Actor = actor, Action = action, Subject = subject, Link = link });

    public Task<IdempotencyEntity?> RememberedAsync(string key) => db.Idempotency.FirstOrDefaultAsync(i => i.Key == key, cancellationToken);

    public void Remember(string key, string request, string result) =>
        db.Idempotency.Add(new IdempotencyEntity { Key = key, Request = request, Result = result, At = now });

    /// <summary>Everything of an application but its removed environments, whose ids are never given again. Returns the runs of its builds, whose logs may go.</summary>
    public async Task<IReadOnlyList<long>> DeleteApplicationAsync(ApplicationEntity application)
    {
        var name = application.Name;
        var runs = await db.Runs.Where(r => r.Application == name && r.Stage == Stage.Build).Select(r => r.Id).ToListAsync(cancellationToken);
        db.Applications.Remove(application);
        await db.BuildProgress.Where(p => db.Builds.Any(b => b.Id == p.BuildId && b.Application == name)).ExecuteDeleteAsync(cancellationToken);
        await db.Builds.Where(b => b.Application == name).ExecuteDeleteAsync(cancellationToken);
        await db.RunSteps.Where(s => runs.Contains(s.RunId)).ExecuteDeleteAsync(cancellationToken);
        await db.DeploymentStages.Where(s => runs.Contains(s.RunId)).ExecuteDeleteAsync(cancellationToken);
        await db.Runs.Where(r => runs.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.Configurations.Where(c => c.Application == name).ExecuteDeleteAsync(cancellationToken);
        await db.Refs.Where(r => r.Application == name).ExecuteDeleteAsync(cancellationToken);
        return runs;
    }
}

/// <summary>The door of the commands to the database.</summary>
internal sealed class CommandStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate, ITextProtection protection, TimeProvider time)
{
    /// <summary>One durable transaction; a refusal rolls it back.</summary>
    public Task<Outcome<T>> WriteAsync<T>(Func<CommandTransaction, Task<Outcome<T>>> command, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            (db, token) => command(new CommandTransaction(db, protection, time.GetUtcNow(), token)),
            cancellationToken,
            keep: outcome => outcome.Accepted);

    /// <summary>The same reads, without the right to write.</summary>
    public async Task<T> ReadAsync<T>(Func<CommandTransaction, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await read(new CommandTransaction(db, protection, time.GetUtcNow(), cancellationToken));
    }
}
