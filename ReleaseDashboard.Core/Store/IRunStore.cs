using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>The durable queue. Every write after a claim carries <c>(id, attempt)</c> and answers false when another attempt owns the run.</summary>
public interface IRunStore
{
    /// <summary>
    /// Claims the oldest run that may start: its lock key is free, no older unfinished run has the same key, and the run it comes after has succeeded.
    /// A push's patch that waits for the same environment as a newer ready one becomes <see cref="RunStatus.Superseded"/>. Null when nothing may start.
    /// </summary>
    Task<Run?> ClaimAsync(string worker, TimeSpan lease, CancellationToken cancellationToken);

    Task<bool> RenewAsync(long id, int attempt, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a run back (orderly stop, engine away): queued again, to be claimed by anybody after <paramref name="notBefore"/>.</summary>
    Task<bool> ReleaseAsync(long id, int attempt, string? waiting, DateTimeOffset? notBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the result, and in the same transaction what follows from it: the deployment's and the environment's state, the runs after it canceled
    /// when it did not succeed.
    /// </summary>
    Task<bool> FinishAsync(long id, int attempt, RunResult result, CancellationToken cancellationToken);

    /// <summary>Expired leases go back to the queue; after too many attempts they fail. Returns the ids.</summary>
    Task<IReadOnlyList<long>> RescueAsync(int maxAttempts, CancellationToken cancellationToken);

    Task<IReadOnlyList<long>> ListCancelRequestedAsync(CancellationToken cancellationToken);
}
