using System.Security.Cryptography;
using System.Text;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Names that follow from what an object is, so that a repeat after a crash finds what it made: a name can be taken only once. An environment's id has no
/// underscore, so the first one ends it: <c>app</c> with <c>web-data</c> and <c>app-web</c> with <c>data</c> never meet.
/// </summary>
internal static class DockerNames
{
    public static string Network(string environment) => $"release-{Clean(environment)}";

    public static string Volume(string environment, string volume) => $"release-{Clean(environment)}_{Clean(volume)}";

    public static string Instance(string environment, string service, string hash, int index) =>
        $"release-{Clean(environment)}_{Clean(service)}-{ShortHash(hash)}-{index}";

    public static string Job(string environment, string job, long runId, string task) =>
        $"release-{Clean(environment)}_job-{Clean(job)}-r{runId}-{Digest(task)}";

    private static string ShortHash(string hash) => hash.Length >= 8 && hash.Take(8).All(char.IsAsciiHexDigit) ? hash[..8].ToLowerInvariant() : Digest(hash);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    /// <summary>Docker allows letters, digits, dot, dash and underscore. A name that had to be changed gets a digest of the original, so that two never meet.</summary>
    private static string Clean(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return clean == name ? name : $"{clean}-{Digest(name)}";
    }
}
