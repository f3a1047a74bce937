using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Store;

internal sealed class RunStore(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time) : IRunStore, IRunRecovery
{
    public async Task<Run?> ClaimAsync(string worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        // An idle worker polls: it must not take the gate to find nothing.
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Runs.AnyAsync(r => r.Status == RunStatus.Queued, cancellationToken)) return null;
        }

        return await gate.WriteAsync(
            async (db, token) =>
            {
                var now = time.GetUtcNow();
                await SupersedeAsync(db, now, token);
                var claimed = await db.Runs.FromSqlRaw(RunQueueSql.Claim, worker, (now + lease).UtcTicks, now.UtcTicks).ToListAsync(token);
                if (claimed.Count == 0) return null;
                var run = claimed[0];
                db.Touch(run);
                await db.BeginAsync(run, now, token);
                return run.ToRecord();
            },
            cancellationToken);
    }

    public Task<bool> RenewAsync(long id, int attempt, TimeSpan lease, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                var until = time.GetUtcNow() + lease;
                return await Owned(db, id, attempt).ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, until), token) == 1;
            },
            cancellationToken,
            durable: false);

    public Task<bool> ReleaseAsync(long id, int attempt, string? waiting, DateTimeOffset? notBefore, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                if (await Owned(db, id, attempt).FirstOrDefaultAsync(token) is not { } run) return false;
                Requeue(run, waiting);
                run.NotBefore = notBefore;
                return true;
            },
            cancellationToken);

    public Task<bool> FinishAsync(long id, int attempt, RunResult result, CancellationToken cancellationToken) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                if (await Owned(db, id, attempt).FirstOrDefaultAsync(token) is not { } run) return false;
                await db.EndAsync(run, result, time.GetUtcNow(), token);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<long>> RescueAsync(int maxAttempts, CancellationToken cancellationToken) => RescueAsync(maxAttempts, [], cancellationToken);

    public Task<IReadOnlyList<long>> RescueAsync(int maxAttempts, IReadOnlyCollection<long> alive, CancellationToken cancellationToken) =>
        RequeueAsync(maxAttempts, r => r.LeaseUntil < time.GetUtcNow() && !alive.Contains(r.Id), cancellationToken);

    public Task<IReadOnlyList<long>> TakeOverAsync(int maxAttempts, CancellationToken cancellationToken) => RequeueAsync(maxAttempts, _ => true, cancellationToken);

    public async Task<IReadOnlyList<long>> ListCancelRequestedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.Where(r => r.Status == RunStatus.Running && r.CancelRequestedAt != null).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<long>> ListLastEndedAsync(int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.Where(r => r.FinishedAt != null).OrderByDescending(r => r.FinishedAt).Take(limit).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    /// <summary>The fence: the run as long as this attempt owns it.</summary>
    internal static IQueryable<RunEntity> Owned(DashboardDb db, long id, int attempt) =>
        db.Runs.Where(r => r.Id == id && r.Attempt == attempt && r.Status == RunStatus.Running);

    private static void Requeue(RunEntity run, string? waiting)
    {
        run.Status = RunStatus.Queued;
        run.LeaseOwner = null;
        run.LeaseUntil = null;
        run.Waiting = waiting;
    }

    private static async Task SupersedeAsync(DashboardDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var run in await db.Runs.FromSqlRaw(RunQueueSql.Superseded, now.UtcTicks).ToListAsync(cancellationToken))
        {
            await db.EndAsync(run, new RunResult(RunStatus.Superseded, Receipt.Empty, new Failure("A newer push to the same environment took its place.")), now, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<long>> RequeueAsync(int maxAttempts, Func<RunEntity, bool> lost, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!(await db.Runs.AsNoTracking().Where(r => r.Status == RunStatus.Running).ToListAsync(cancellationToken)).Exists(r => lost(r))) return [];
        }

        return await gate.WriteAsync<IReadOnlyList<long>>(
            async (db, token) =>
            {
                var now = time.GetUtcNow();
                var rescued = new List<long>();
                foreach (var run in (await db.Runs.Where(r => r.Status == RunStatus.Running).ToListAsync(token)).Where(lost))
                {
                    rescued.Add(run.Id);
                    run.Rescues++;
                    if (run.Rescues < maxAttempts)
                    {
                        Requeue(run, "Interrupted; it is carried on where it stood.");
                        continue;
                    }

                    var failure = new Failure(
                        $"The worker was lost {run.Rescues} times while it carried out this run.",
                        Suggestion: "Look at the dashboard's own log for what ends the process, then start the run again.");
                    await db.EndAsync(run, RunResult.Failed(failure), now, token);
                }

                return rescued;
            },
            cancellationToken);
    }
}

/// <summary>Taking runs back from workers that are gone.</summary>
internal interface IRunRecovery
{
    /// <summary>As <see cref="IRunStore.RescueAsync"/>, but leaves those this very process knows to be alive: after a long sleep of the machine their leases look expired.</summary>
    Task<IReadOnlyList<long>> RescueAsync(int maxAttempts, IReadOnlyCollection<long> alive, CancellationToken cancellationToken);

    /// <summary>Takes back every running run at once. Only right where nobody else can be alive: at the start, with the data directory's lock in hand.</summary>
    Task<IReadOnlyList<long>> TakeOverAsync(int maxAttempts, CancellationToken cancellationToken);

    /// <summary>Ids of the runs that ended last.</summary>
    Task<IReadOnlyList<long>> ListLastEndedAsync(int limit, CancellationToken cancellationToken);
}
