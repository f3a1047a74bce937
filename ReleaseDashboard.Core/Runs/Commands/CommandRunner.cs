using System.Text.Json;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>What every command has in common: the same answer under the same key, one transaction, the wake-up, and problems as refusals.</summary>
internal sealed class CommandRunner(CommandStore store, IStorageGuard storage, RunWaker waker, ILogger<CommandRunner> logger)
{
    /// <param name="arguments">What the command was asked with, as anything JSON can write: the same key with other arguments is refused.</param>
    /// <param name="prepare">What takes long (git) and must not hold the transaction; a refusal ends the command. Null: nothing to prepare.</param>
    /// <param name="write">The rules and the rows. Called again with fresh preparation when it answers <see cref="Again"/>.</param>
    public async Task<Outcome<T>> RunAsync<TPrepared, T>(Command<TPrepared, T> command, CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            var key = context.IdempotencyKey is { } given ? $"{context.Actor.Name}:{given}" : null;
            var request = $"{command.Name} {JsonSerializer.Serialize(command.Arguments)}";
            // Asked before the preparation, so that a repeated request costs no fetch; asked again inside the transaction, where it counts.
            if (key is not null && await store.ReadAsync(tx => RecallAsync(tx, key, request, command), cancellationToken) is { } before) return before;
            if (command.StartsRuns && storage.Problem is { } full) return Refusals.DiskFull(full);

            for (var round = 0; ; round++)
            {
                var prepared = await command.Prepare(cancellationToken);
                if (!prepared.Accepted) return prepared.Refusal;
                var outcome = await store.WriteAsync(tx => WriteAsync(tx, key, request, command, prepared.Value), cancellationToken);
                if (outcome.Refusal == Again && round < 5) continue;
                if (outcome.Accepted) waker.Wake();
                return outcome;
            }
        }
        catch (GitException problem)
        {
            return Refusals.Unreachable(problem.Message);
        }
        catch (StorageFullException problem)
        {
            logger.LogError(problem, "{Command} was refused: the disk is full", command.Name);
            return Refusals.DiskFull(problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or TimeoutException)
        {
            // Mostly git on a disk that is full, read-only or hangs.
            logger.LogError(problem, "{Command} was refused: the data directory could not be used", command.Name);
            return storage.Problem is { } full ? Refusals.DiskFull(full) : Refusals.Unavailable(problem.Message);
        }
    }

    /// <summary>What was prepared no longer fits what is in the database: prepare once more.</summary>
    public static readonly Refusal Again = new("conflict", "The environment kept changing while this was asked for. Try again.");

    private static async Task<Outcome<T>> WriteAsync<TPrepared, T>(CommandTransaction tx, string? key, string request, Command<TPrepared, T> command, TPrepared prepared)
    {
        if (key is not null && await RecallAsync(tx, key, request, command) is { } before) return before;
        var outcome = await command.Write(tx, prepared);
        if (key is not null && outcome.Accepted) tx.Remember(key, request, command.Id(outcome.Value));
        return outcome;
    }

    private static async Task<Outcome<T>?> RecallAsync<TPrepared, T>(CommandTransaction tx, string key, string request, Command<TPrepared, T> command)
    {
        if (await tx.RememberedAsync(key) is not { } remembered) return null;
        return remembered.Request == request ? await command.Recall(tx, remembered.Result) : Refusals.KeyReused();
    }
}

/// <param name="Id">Id of the answer, by which <paramref name="Recall"/> finds it again.</param>
internal sealed record Command<TPrepared, T>(
    string Name,
    object Arguments,
    bool StartsRuns,
    Func<CancellationToken, Task<Outcome<TPrepared>>> Prepare,
    Func<CommandTransaction, TPrepared, Task<Outcome<T>>> Write,
    Func<T, string> Id,
    Func<CommandTransaction, string, Task<Outcome<T>>> Recall);

/// <summary>How answers are found again under an idempotency key: the thing as it is now.</summary>
internal static class Recalls
{
    /// <summary>For commands that prepare nothing.</summary>
    public static Task<Outcome<bool>> Nothing(CancellationToken cancellationToken) => Task.FromResult<Outcome<bool>>(true);

    public static string Id(Deployment deployment) => deployment.Id.ToString();

    public static string Id(Build build) => build.Id.ToString();

    public static async Task<Outcome<Deployment>> DeploymentAsync(CommandTransaction tx, string id) =>
        await tx.DeploymentAsync(long.Parse(id)) is { } found ? await tx.RecordAsync(found) : Refusals.NotFound("deployment", id);

    public static async Task<Outcome<Build>> BuildAsync(CommandTransaction tx, string id) =>
        await tx.BuildAsync(long.Parse(id)) is { } found ? found.ToRecord() : Refusals.NotFound("build", id);

    public static async Task<Outcome<ReleaseEnvironment>> EnvironmentAsync(CommandTransaction tx, string id) =>
        await tx.EnvironmentAsync(id) is { } found ? found.ToRecord() : Refusals.NotFound("environment", id);
}
