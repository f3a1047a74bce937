using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>
/// Compares the branches with the ledger (<see cref="IRefStore"/>). A branch is written to the ledger only after everything that follows from its
/// move was accepted, so a process that dies in between finds the same move again, and idempotency keys keep it from starting twice.
/// </summary>
internal sealed class PushTrigger(
    IGitRepositories repositories,
    IRefStore ledger,
    IRecordStore records,
    IRunService runs,
    FollowerRule followers,
    ILogger<PushTrigger> logger) : IPushTrigger
{
    /// <summary>Refusals that time mends: the branch stays as it was in the ledger, so that the next look finds its move again.</summary>
    private static readonly string[] Passing = ["disk_full", "repository_unreachable", "conflict", "engine_unavailable", "unavailable"];

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private readonly ConcurrentDictionary<string, bool> _settled = new();

    public bool IsDue(string application) => !_settled.ContainsKey(application);

    public async Task<IReadOnlyList<PushEffect>> LookAsync(Application application, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(application.Name, _ => new SemaphoreSlim(1));
        _settled.TryRemove(application.Name, out _);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (effects, settled) = await CompareAsync(application, cancellationToken).ConfigureAwait(false);
            if (settled) _settled[application.Name] = true;
            return effects;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<(IReadOnlyList<PushEffect> Effects, bool Settled)> CompareAsync(Application application, CancellationToken cancellationToken)
    {
        var branches = (await repositories.ListRemoteRefsAsync(application, cancellationToken).ConfigureAwait(false)).Where(r => !r.IsTag).ToDictionary(r => r.Name, r => r.Sha);
        var known = await ledger.ReadRefsAsync(application.Name, cancellationToken).ConfigureAwait(false);
        var moved = branches.Where(b => known.GetValueOrDefault(b.Key) != b.Value).OrderByDescending(b => b.Key == application.TrackingBranch).ThenBy(b => b.Key, StringComparer.Ordinal).ToList();
        // The runs read their commit from the mirror; asking for it here keeps the command short.
        if (moved.Count > 0) await repositories.FetchAsync(application, cancellationToken).ConfigureAwait(false);

        // Of a repository elsewhere the first look is not a push: its branches were there before.
        var firstLook = known.Count == 0 && !application.Hosted;
        var effects = new List<PushEffect>();
        var settled = true;
        foreach (var (branch, sha) in moved)
        {
            var (acted, done) = await ActAsync(application, branch, sha, firstLook, cancellationToken).ConfigureAwait(false);
            effects.AddRange(acted);
            settled &= done;
            if (done) await ledger.WriteRefAsync(application.Name, branch, sha, cancellationToken).ConfigureAwait(false);
        }

        foreach (var gone in known.Keys.Where(b => !branches.ContainsKey(b)))
            await ledger.WriteRefAsync(application.Name, gone, null, cancellationToken).ConfigureAwait(false);
        return (effects, settled);
    }

    private async Task<(IReadOnlyList<PushEffect> Effects, bool Done)> ActAsync(Application application, string branch, string sha, bool firstLook, CancellationToken cancellationToken)
    {
        var key = $"push:{application.Name}:{branch}:{sha}";
        var following = (await records.ListEnvironmentsAsync(cancellationToken).ConfigureAwait(false))
            .Where(e => e.Application == application.Name && e.Branch == branch && !e.FollowsTag && e.Phase is not (EnvironmentPhase.Removed or EnvironmentPhase.TearingDown))
            .ToList();
        var done = true;
        if (following.Count == 0)
        {
            if (firstLook) return ([], done);
            if (branch != application.TrackingBranch) return ([Effect($"No environment follows {branch}. New environment makes one of it:", $"/applications/{application.Name}")], done);
            var build = await runs.BuildAsync(application.Name, sha, new CommandContext(Actor.Push, "push", key + ":build"), cancellationToken).ConfigureAwait(false);
            var effect = build.Accepted ? Effect($"Build {build.Value.Id} of {Short(sha)}: no environment follows {branch}.", $"/builds/{build.Value.Id}") : Refused(build.Refusal!, "The build");
            return ([effect], done);
        }

        if (!await followers.AutoDeploysAsync(application, cancellationToken).ConfigureAwait(false))
            return ([Effect($"auto_deploy is off: press Deploy to bring {Short(sha)} to {string.Join(", ", following.Select(e => e.Id))}.", null)], done);

        var effects = new List<PushEffect>();
        foreach (var environment in following)
        {
            var latest = await followers.LatestAsync(environment, cancellationToken).ConfigureAwait(false);
            if (FollowerRule.HadOrGets(latest, sha)) continue;
            // A branch may come back to an older commit: what the environment last got makes the key of each move its own.
            var context = new CommandContext(Actor.Push, "push", $"{key}:{environment.Id}:{latest?.Id ?? 0}");
            var deployment = await runs.DeployAsync(environment.Id, sha, null, null, context, cancellationToken).ConfigureAwait(false);
            effects.Add(deployment.Accepted
                ? Effect($"Deployment {deployment.Value.Id} brings {Short(sha)} to {environment.Id} ({Stages(deployment.Value)}).", $"/deployments/{deployment.Value.Id}")
                : Refused(deployment.Refusal!, $"The deployment to {environment.Id}"));
        }

        return (effects, done);

        PushEffect Effect(string text, string? path) => new(branch, sha, text, path);

        PushEffect Refused(Refusal refusal, string what)
        {
            logger.LogWarning("{What} that follows from a push to {Branch} of {Application} was refused: {Code}: {Message}", what, branch, application.Name, refusal.Code, refusal.Message);
            var again = Passing.Contains(refusal.Code);
            done &= !again;
            return Effect($"{what} was refused: {refusal.Message}{(again ? " It is tried again by itself." : "")}", null);
        }
    }

    private static string Short(string sha) => sha[..Math.Min(7, sha.Length)];

    private static string Stages(Deployment deployment) => string.Join(", then ", deployment.Stages.Select(s => s.Stage.Word()));
}
