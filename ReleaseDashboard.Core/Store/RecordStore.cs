using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

internal sealed class RecordStore(IDbContextFactory<DashboardDb> contexts, ITextProtection protection) : IRecordStore
{
    public async Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Applications.AsNoTracking().FirstOrDefaultAsync(a => a.Name == name, cancellationToken))?.ToRecord(protection);
    }

    public async Task<IReadOnlyList<Application>> ListApplicationsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Applications.AsNoTracking().OrderBy(a => a.Number).ToListAsync(cancellationToken)).Select(a => a.ToRecord(protection))];
    }

    public async Task<ReleaseEnvironment?> FindEnvironmentAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Environments.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, cancellationToken))?.ToRecord();
    }

    public async Task<IReadOnlyList<ReleaseEnvironment>> ListEnvironmentsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Environments.AsNoTracking().Where(e => e.Phase != EnvironmentPhase.Removed).OrderBy(e => e.Number).ToListAsync(cancellationToken);
        return [.. rows.Select(e => e.ToRecord())];
    }

    public async Task<SavedConfiguration?> ReadConfigurationAsync(string application, string? environment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Configurations.AsNoTracking()
            .Where(c => c.Application == application && c.Environment == environment)
            .OrderByDescending(c => c.Default).ThenByDescending(c => c.Specific)
            .FirstOrDefaultAsync(cancellationToken))?.ToRecord(protection);
    }

    public async Task<SavedConfiguration?> ReadConfigurationAsync(string environment, ConfigurationVersion version, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Configurations.AsNoTracking()
            .FirstOrDefaultAsync(c => c.Environment == environment && c.Default == version.Default && c.Specific == version.Specific, cancellationToken))?.ToRecord(protection);
    }

    public async Task<IReadOnlyDictionary<string, string>> ReadParametersAsync(string environment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await db.Environments.Where(e => e.Id == environment).Select(e => e.Parameters).FirstOrDefaultAsync(cancellationToken);
        return text is null ? new Dictionary<string, string>() : StoredJson.Read<Dictionary<string, string>>(protection.Unprotect(text));
    }

    public async Task<Build?> FindBuildAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Builds.AsNoTracking().FirstOrDefaultAsync(b => b.Id == id, cancellationToken))?.ToRecord();
    }

    public async Task<Build?> FindBuildAsync(string application, string commit, string specHash, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Builds.AsNoTracking()
            .Where(b => b.Application == application && b.Commit == commit && b.SpecHash == specHash && b.Status == RunStatus.Succeeded)
            .OrderByDescending(b => b.Id)
            .FirstOrDefaultAsync(cancellationToken))?.ToRecord();
    }

    public async Task<IReadOnlyList<BuildSpec>> ReadBuildSpecsAsync(long build, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await db.Builds.Where(b => b.Id == build).Select(b => b.Specs).FirstOrDefaultAsync(cancellationToken);
        return text is null ? [] : StoredJson.Read<List<BuildSpec>>(text);
    }

    public async Task<Run?> FindRunAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Runs.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken))?.ToRecord();
    }

    public async Task<Deployment?> FindDeploymentAsync(long id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Deployments.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancellationToken);
        return row is null ? null : (await db.WithStagesAsync([row], cancellationToken))[0];
    }

    public async Task<AppliedState> ReadAppliedAsync(string environment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Applied.AsNoTracking().FirstOrDefaultAsync(a => a.Environment == environment, cancellationToken);
        return row is null
            ? AppliedState.None(environment)
            : new(environment,
                row.Desired is null ? null : StoredJson.Read<DesiredState>(protection.Unprotect(row.Desired)),
                StoredJson.Read<Dictionary<string, string>>(row.Services));
    }
}
