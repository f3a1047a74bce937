namespace ReleaseDashboard.Core.Model;

/// <summary>One running copy of an application.</summary>
/// <param name="Id">Unique over all applications: <c>ted1bc4</c> or a chosen name.</param>
/// <param name="Branch">The branch (or tag) it follows.</param>
/// <param name="FollowsTag">True when <paramref name="Branch"/> is a tag, which pushes never move.</param>
/// <param name="SetupSucceeded">Setup has succeeded at least once.</param>
/// <param name="Saved">Version of the configuration last saved.</param>
/// <param name="Applied">Version the last successful setup applied; null before the first.</param>
/// <param name="Commit">Commit that runs now; null before the first setup.</param>
/// <param name="BuildId">Build that runs now.</param>
public sealed record ReleaseEnvironment(
    string Id,
    string Application,
    EnvironmentKind Kind,
    string Branch,
    bool FollowsTag,
    EnvironmentPhase Phase,
    HealthStatus Health,
    SyncStatus Sync,
    IReadOnlyList<DriftItem> Drift,
    bool SetupSucceeded,
    ConfigurationVersion Saved,
    ConfigurationVersion? Applied,
    string? Commit,
    long? BuildId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RemovedAt)
{
    public bool SetupRequired => !SetupSucceeded || Applied != Saved;
}

/// <summary>One way in which the engine differs from what was applied, in a sentence a person reads.</summary>
/// <param name="Kind"><c>service</c>, <c>network</c>, <c>volume</c>.</param>
public sealed record DriftItem(string Kind, string Name, string Description);

/// <summary>What was applied to an environment, written as each part of it comes true.</summary>
/// <param name="Services">Service name → <see cref="DesiredService.Hash"/> of the instances that serve it now.</param>
public sealed record AppliedState(
    string Environment,
    DesiredState? Desired,
    IReadOnlyDictionary<string, string> Services)
{
    public static AppliedState None(string environment) => new(environment, null, new Dictionary<string, string>());
}
