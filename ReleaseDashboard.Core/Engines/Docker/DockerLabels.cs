using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Labels by which objects are found again. The first six are the contract with the outside; the others are ours.</summary>
internal static class DockerLabels
{
    public const string Environment = "release.environment";
    public const string Application = "release.application";
    public const string Service = "release.service";
    public const string Job = "release.job";
    public const string Deployment = "release.deployment";
    public const string Commit = "release.commit";

    public const string Hash = "release.hash";
    public const string Run = "release.run";
    public const string Attempt = "release.attempt";
    public const string Index = "release.index";
    public const string Task = "release.task";
    public const string Volume = "release.volume";
    /// <summary>The readiness probe, so that a restarted dashboard can ask again whether a running instance is ready.</summary>
    public const string Probe = "release.probe";

    public static Dictionary<string, string> Of(EnvironmentScope scope) => new()
    {
        [Environment] = scope.Environment,
        [Application] = scope.Application,
        [Deployment] = scope.DeploymentId.ToString(),
        [Commit] = scope.Commit,
        [Run] = scope.RunId.ToString(),
        [Attempt] = scope.Attempt.ToString(),
    };

    /// <summary>A filter as the API wants it: every label must match.</summary>
    public static IDictionary<string, IDictionary<string, bool>> Filter(params IEnumerable<string> labels) =>
        new Dictionary<string, IDictionary<string, bool>> { ["label"] = labels.ToDictionary(label => label, _ => true) };

    public static string Is(string label, string value) => $"{label}={value}";
}
