using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>The names of one section: each valid, each once.</summary>
internal sealed partial class Names(string what, bool dns)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Null when the name is missing or wrong, and reported.</summary>
    public string? Read(MapReader entry)
    {
        if (entry.RequiredText("name", $"Every {what} has a name.") is not { } name) return null;
        var node = entry.At("name")!;
        if (!Allowed(name))
        {
            var nearest = Slug(name);
            entry.Bag.Error(node, dns
                ? $"\"{name}\" cannot be the name of a {what}: use lower-case letters, digits, \"-\" and \"_\", at most 63, beginning and ending with a letter or digit."
                : $"\"{name}\" cannot be the name of a {what}: use letters, digits, \"-\", \"_\" and \".\", at most 63.", nearest.Length == 0 ? null : nearest);
            return null;
        }
        if (_taken.Add(name)) return name;
        entry.Bag.Error(node, $"There is already a {what} named \"{name}\". Names are given once.");
        return null;
    }

    public static string Slug(string text) => NotDns().Replace(text.ToLowerInvariant(), "-").Trim('-', '_');

    private bool Allowed(string name) => name.Length is > 0 and <= 63 && (dns ? Dns() : Plain()).IsMatch(name);

    /// <summary>Reports what is not in the repository: absolute, or going up and out.</summary>
    public static string? RepositoryPath(YamlNode? node, string? path, DiagnosticBag bag)
    {
        if (node is null || path is null) return null;
        if (BuildPaths.Normalize(path) is { } normal) return normal;
        bag.Error(node, $"\"{path}\" is not a path inside the repository.");
        return null;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$")]
    private static partial Regex Dns();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
    private static partial Regex Plain();

    [GeneratedRegex("[^a-z0-9_-]+")]
    private static partial Regex NotDns();
}
