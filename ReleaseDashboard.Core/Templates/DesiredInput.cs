using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Everything a <see cref="DesiredState"/> is computed from.</summary>
/// <param name="Files">Repository path → content at the commit, for every file the template mounts.</param>
/// <param name="PublicUrlPort">Port of environment URLs, null for the scheme's own.</param>
public sealed record DesiredInput(
    EnvironmentScope Scope,
    EnvironmentKind Kind,
    string Branch,
    ApplicationTemplate Template,
    VariablesTemplate Variables,
    long BuildId,
    IReadOnlyList<BuildImage> Images,
    string Domain,
    string Scheme,
    int? PublicUrlPort,
    IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>Values given for the template's parameters when the environment was created.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
