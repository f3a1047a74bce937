using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>The rules of product.md about which command an environment accepts.</summary>
internal static partial class EnvironmentRules
{
    /// <summary>Null when it lives. An environment that is being removed takes no command any more.</summary>
    public static Refusal? MustLive(EnvironmentEntity environment, IReadOnlyList<RunEntity> unfinished) => environment.Phase switch
    {
        EnvironmentPhase.Removed => Refusals.Removed(environment.Id),
        EnvironmentPhase.TearingDown => Refusals.TearingDown(environment.Id),
        _ when unfinished.Any(r => r.Stage == Stage.Teardown) => Refusals.TearingDown(environment.Id),
        _ => null,
    };

    public static Task<Outcome<(EnvironmentEntity Environment, List<RunEntity> Unfinished)>> LivingAsync(CommandTransaction tx, string id) => FindAsync(tx, id, mustLive: true);

    public static async Task<Outcome<(EnvironmentEntity Environment, List<RunEntity> Unfinished)>> FindAsync(CommandTransaction tx, string id, bool mustLive)
    {
        if (await tx.EnvironmentAsync(id) is not { } environment) return Refusals.NotFound("environment", id);
        var unfinished = await tx.UnfinishedRunsAsync(id);
        if (mustLive && MustLive(environment, unfinished) is { } refusal) return refusal;
        return (environment, unfinished);
    }

    /// <summary>Paused, or about to be: what is queued now runs after the pause.</summary>
    public static bool IsPaused(EnvironmentEntity environment, IReadOnlyList<RunEntity> unfinished)
    {
        var last = unfinished.LastOrDefault(r => r.Stage is Stage.Pause or Stage.Setup);
        return last is null ? environment.Phase == EnvironmentPhase.Paused : last.Stage == Stage.Pause;
    }

    /// <summary>The run that decides what the environment runs once the queue is empty; null when none is on its way.</summary>
    public static RunEntity? Coming(IReadOnlyList<RunEntity> unfinished) =>
        unfinished.LastOrDefault(r => r.Stage is Stage.Setup or Stage.Patch && r.CancelRequestedAt is null);

    /// <summary>Lower-case letters, digits and dashes, at most 30, beginning and ending with a letter or digit: it becomes part of hostnames and of object names.</summary>
    public static bool IsName(string name) => name.Length <= 30 && Name().IsMatch(name);

    public static Refusal BadName(string kind, string name) => Refusals.Invalid(
        $"'{name}' cannot be the name of an {kind}: use 1 to 30 lower-case letters, digits and dashes, beginning and ending with a letter or a digit.");

    /// <summary>Ids like <c>ted1bc4</c> are given by the dashboard only.</summary>
    public static bool LooksGenerated(string name) => Generated().IsMatch(name);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex Name();

    [GeneratedRegex("^ted[0-9a-f]{4}$")]
    private static partial Regex Generated();
}
