using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Store;

/// <summary>Small reads of records by the rooms that carry out runs. Records are snapshots.</summary>
public interface IRecordStore
{
    Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken);
    Task<IReadOnlyList<Application>> ListApplicationsAsync(CancellationToken cancellationToken);

    Task<ReleaseEnvironment?> FindEnvironmentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Every environment that is not removed.</summary>
    Task<IReadOnlyList<ReleaseEnvironment>> ListEnvironmentsAsync(CancellationToken cancellationToken);

    /// <summary>Newest saved text of an application (environment null) or an environment; secret values decrypted. For runs only, never for pages.</summary>
    Task<SavedConfiguration?> ReadConfigurationAsync(string application, string? environment, CancellationToken cancellationToken);

    /// <summary>One version of an environment's configuration: patch uses the applied one.</summary>
    Task<SavedConfiguration?> ReadConfigurationAsync(string environment, ConfigurationVersion version, CancellationToken cancellationToken);

    /// <summary>Values given for the template's parameters when the environment was made, decrypted. Empty when none were. For runs only, never for pages.</summary>
    Task<IReadOnlyDictionary<string, string>> ReadParametersAsync(string environment, CancellationToken cancellationToken);

    Task<Build?> FindBuildAsync(long id, CancellationToken cancellationToken);

    /// <summary>Newest succeeded build of the commit with these instructions.</summary>
    Task<Build?> FindBuildAsync(string application, string commit, string specHash, CancellationToken cancellationToken);

    /// <summary>What a build has to make: decided when it was asked for, from the configuration of that moment. Empty when there is nothing to build.</summary>
    Task<IReadOnlyList<BuildSpec>> ReadBuildSpecsAsync(long build, CancellationToken cancellationToken);

    Task<Run?> FindRunAsync(long id, CancellationToken cancellationToken);
    Task<Deployment?> FindDeploymentAsync(long id, CancellationToken cancellationToken);

    /// <summary>Never null: an environment to which nothing was applied has an empty one.</summary>
    Task<AppliedState> ReadAppliedAsync(string environment, CancellationToken cancellationToken);
}

/// <summary>Writes of observation. It changes what the page says of an environment, never the environment.</summary>
public interface IObservationStore
{
    /// <summary>Writes only if something differs. Returns true when it wrote.</summary>
    Task<bool> WriteObservationAsync(string environment, HealthStatus health, SyncStatus sync, IReadOnlyList<DriftItem> drift, CancellationToken cancellationToken);
}

/// <summary>Where every branch of every repository stood when it was last acted on: how a push missed while the dashboard was down is found.</summary>
public interface IRefStore
{
    Task<IReadOnlyDictionary<string, string>> ReadRefsAsync(string application, CancellationToken cancellationToken);

    Task WriteRefAsync(string application, string branch, string? sha, CancellationToken cancellationToken);
}

/// <summary>API tokens and sign-in links, stored as SHA-256 only.</summary>
public interface ITokenStore
{
    /// <summary>The action under which the activity says that a token was made.</summary>
    const string Created = "created token";

    /// <summary>Adds or replaces the token of that name and kind.</summary>
    Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken);

    /// <summary>The same, and says in the activity who did it.</summary>
    /// <param name="action">What was done to the token: <c>created token</c>.</param>
    Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, string actor, string action, CancellationToken cancellationToken);

    /// <summary>The tokens of a kind that are valid now, by name. Their secrets are not known here.</summary>
    Task<IReadOnlyList<StoredToken>> TokensAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Name of the token's owner when it is valid, compared in constant time.</summary>
    Task<string?> FindOwnerAsync(string kind, string secret, CancellationToken cancellationToken);
}

/// <param name="CreatedAt">When it was last made under this name; null when the activity does not say any more.</param>
/// <param name="ExpiresAt">Null never.</param>
public sealed record StoredToken(string Name, DateTimeOffset? CreatedAt, DateTimeOffset? ExpiresAt);
