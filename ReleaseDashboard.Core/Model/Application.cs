namespace ReleaseDashboard.Core.Model;

/// <summary>One git repository with its template. <paramref name="Name"/> is its identity and never changes.</summary>
/// <param name="Repository">URL or path git can fetch from; for a hosted application the dashboard's own bare repository.</param>
/// <param name="Hosted">True when the dashboard itself is the remote.</param>
/// <param name="TrackingBranch">The branch new environments follow by default.</param>
/// <param name="Version">Rises by one each time template or variables are saved: the first number of an environment's version.</param>
public sealed record Application(
    string Name,
    string Repository,
    bool Hosted,
    string TrackingBranch,
    int Version,
    DateTimeOffset CreatedAt);

/// <summary>The pair of YAML texts an application or an environment is described by.</summary>
public sealed record ConfigurationText(string Template, string Variables);

/// <summary>One saved version of an application's or environment's <see cref="ConfigurationText"/>.</summary>
/// <param name="Environment">Null for the application's own (default) version.</param>
public sealed record SavedConfiguration(
    string Application,
    string? Environment,
    ConfigurationVersion Version,
    ConfigurationText Text,
    DateTimeOffset SavedAt,
    string SavedBy);

/// <summary><c>v{default}.{specific}</c>.</summary>
public readonly record struct ConfigurationVersion(int Default, int Specific)
{
    public override string ToString() => $"v{Default}.{Specific}";
}

/// <summary>A commit as git names it.</summary>
/// <param name="Sha">40 hex digits.</param>
public sealed record GitCommit(string Sha, string Author, string Message, DateTimeOffset At)
{
    public string ShortSha => Sha.Length > 7 ? Sha[..7] : Sha;

    /// <summary>First line of the message.</summary>
    public string Subject => Message.Split('\n', 2)[0];
}

/// <summary>Who asked. Every command carries one, so that rights can be checked in one place.</summary>
/// <param name="Name">User name, token name, or the trigger (<c>push</c>, <c>expiry</c>).</param>
public sealed record Actor(string Name)
{
    public static readonly Actor Owner = new("owner");
    public static readonly Actor Push = new("push");
    public static readonly Actor Expiry = new("expiry");
}
