using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

/// <summary>What a run writes while it is carried out. Every write is fenced: false when another attempt owns the run.</summary>
internal interface IJournalStore
{
    Task<IReadOnlyList<RunStep>> ReadStepsAsync(long run, CancellationToken cancellationToken);
    Task<bool> WriteStepsAsync(long run, int attempt, IReadOnlyList<RunStep> steps, CancellationToken cancellationToken);
    Task<bool> WriteWaitingAsync(long run, int attempt, string? reason, CancellationToken cancellationToken);
    Task<bool> WriteBuildProgressAsync(long run, int attempt, IReadOnlyList<BuildProgress> progress, CancellationToken cancellationToken);
    Task<bool> WriteBuildImagesAsync(long run, int attempt, IReadOnlyList<BuildImage> images, CancellationToken cancellationToken);
    Task<bool> WriteServiceAppliedAsync(long run, int attempt, string service, string hash, CancellationToken cancellationToken);
    Task<bool> WriteAppliedAsync(long run, int attempt, DesiredState desired, ConfigurationVersion? configuration, CancellationToken cancellationToken);
}

internal sealed class JournalStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate, ITextProtection protection) : IJournalStore
{
    public async Task<IReadOnlyList<RunStep>> ReadStepsAsync(long run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await db.RunSteps.Where(s => s.RunId == run).Select(s => s.Steps).FirstOrDefaultAsync(cancellationToken);
        return text is null ? [] : StoredJson.Read<List<RunStep>>(text);
    }

    // Progress may be lost with the power, never with the process: the run is carried on from what the engine shows.
    public Task<bool> WriteStepsAsync(long run, int attempt, IReadOnlyList<RunStep> steps, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: false, async (db, owned, token) =>
        {
            var text = StoredJson.Write(steps);
            if (await db.RunSteps.FirstOrDefaultAsync(s => s.RunId == run, token) is { } row) row.Steps = text;
            else db.RunSteps.Add(new RunStepsEntity { RunId = run, Steps = text });
            if (owned.Environment is { } environment) db.Touch(new StoreChange(StoreSubject.Environment, environment));
            if (owned.DeploymentId is { } deployment) db.Touch(new StoreChange(StoreSubject.Deployment, deployment.ToString()));
            if (owned.Stage == Stage.Build && owned.BuildId is { } build) db.Touch(new StoreChange(StoreSubject.Build, build.ToString()));
        }, cancellationToken);

    public Task<bool> WriteWaitingAsync(long run, int attempt, string? reason, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: false, (_, owned, _) =>
        {
            owned.Waiting = reason;
            return Task.CompletedTask;
        }, cancellationToken);

    public Task<bool> WriteBuildProgressAsync(long run, int attempt, IReadOnlyList<BuildProgress> progress, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: false, async (db, owned, token) =>
        {
            if (owned.BuildId is not { } build) return;
            var text = StoredJson.Write(progress);
            if (await db.BuildProgress.FirstOrDefaultAsync(p => p.BuildId == build, token) is { } row) row.Progress = text;
            else db.BuildProgress.Add(new BuildProgressEntity { BuildId = build, Progress = text });
        }, cancellationToken);

    public Task<bool> WriteBuildImagesAsync(long run, int attempt, IReadOnlyList<BuildImage> images, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: true, async (db, owned, token) =>
        {
            if (await db.Builds.FirstOrDefaultAsync(b => b.Id == owned.BuildId, token) is { } build) build.Images = StoredJson.Write(images);
        }, cancellationToken);

    public Task<bool> WriteServiceAppliedAsync(long run, int attempt, string service, string hash, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: true, async (db, owned, token) =>
        {
            if (owned.Environment is not { } environment) return;
            var applied = await AppliedAsync(db, environment, token);
            var services = StoredJson.Read<Dictionary<string, string>>(applied.Services);
            services[service] = hash;
            applied.Services = StoredJson.Write(services);
        }, cancellationToken);

    public Task<bool> WriteAppliedAsync(long run, int attempt, DesiredState desired, ConfigurationVersion? configuration, CancellationToken cancellationToken) =>
        FencedAsync(run, attempt, durable: true, async (db, owned, token) =>
        {
            if (owned.Environment is not { } id) return;
            var applied = await AppliedAsync(db, id, token);
            var present = StoredJson.Read<Dictionary<string, string>>(applied.Services);
            applied.Desired = protection.Protect(StoredJson.Write(desired));
            applied.Summary = StoredJson.Write(AppliedSummary.Of(desired));
            // Services that are no longer wanted are forgotten; the others keep what was said of them when they switched.
            applied.Services = StoredJson.Write(desired.Services.ToDictionary(s => s.Name, s => present.GetValueOrDefault(s.Name, s.Hash)));
            if (await db.Environments.FirstOrDefaultAsync(e => e.Id == id, token) is not { } environment) return;
            // A workflow works with what runs; only setup and patch bring another commit.
            if (owned.Stage is Stage.Setup or Stage.Patch)
            {
                environment.Commit = desired.Scope.Commit;
                environment.BuildId = owned.BuildId ?? environment.BuildId;
            }

            if (configuration is not { } version) return;
            environment.AppliedDefault = version.Default;
            environment.AppliedSpecific = version.Specific;
        }, cancellationToken);

    private static async Task<AppliedEntity> AppliedAsync(DashboardDb db, string environment, CancellationToken cancellationToken)
    {
        if (await db.Applied.FirstOrDefaultAsync(a => a.Environment == environment, cancellationToken) is { } row) return row;
        var added = new AppliedEntity { Environment = environment, Services = StoredJson.EmptyObject };
        db.Applied.Add(added);
        return added;
    }

    private Task<bool> FencedAsync(
        long run, int attempt, bool durable, Func<DashboardDb, RunEntity, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                if (await RunStore.Owned(db, run, attempt).FirstOrDefaultAsync(token) is not { } owned) return false;
                await write(db, owned, token);
                return true;
            },
            cancellationToken,
            durable);
}
