using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Where the value of a variable stands, by the path that <see cref="DesiredStateBuilder"/> gives its problems.</summary>
internal sealed class VariablePlaces(YamlMap? template, YamlMap? variables)
{
    public static VariablePlaces In(string template, string variables) =>
        new(YamlReader.Read(template, new DiagnosticBag(), null), YamlReader.Read(variables, new DiagnosticBag(), null));

    /// <summary>Null for what is no variable.</summary>
    public (YamlNode Node, bool InVariables)? Find(string path)
    {
        var (section, rest) = Split(path);
        if (section == "mapping") return Written((variables?.Find("mapping")?.Value as YamlMap)?.Find(rest)?.Value);
        if (section == "envs") return Written(Entry(variables?.Find("defaults")?.Value, rest) ?? Entry(variables?.Find("envs")?.Value, rest));
        if (section is not ("services" or "jobs")) return null;

        var (owner, key) = Split(rest);
        if (key.StartsWith("envs.", StringComparison.Ordinal) && Entry(Named(section, owner)?.Find("envs")?.Value, key["envs.".Length..]) is { } own) return (own, false);
        return section == "services" ? Written(Entry((variables?.Find("services")?.Value as YamlMap)?.Find(owner)?.Value, key)) : null;
    }

    private static (YamlNode, bool)? Written(YamlNode? node) => node is null ? null : (node, true);

    private YamlMap? Named(string section, string name) =>
        (template?.Find(section)?.Value as YamlList)?.Items.OfType<YamlMap>().FirstOrDefault(m => m.Find("name")?.Value is YamlScalar found && found.Value == name);

    /// <summary>The value of an entry of <c>{key, value}</c>; the entry itself when it has none.</summary>
    private static YamlNode? Entry(YamlNode? list, string key) =>
        (list as YamlList)?.Items.OfType<YamlMap>().FirstOrDefault(m => m.Find("key")?.Value is YamlScalar found && found.Value == key) is { } entry ? entry.Find("value")?.Value ?? entry : null;

    private static (string First, string Others) Split(string path) => path.IndexOf('.', StringComparison.Ordinal) is var at and > 0 ? (path[..at], path[(at + 1)..]) : (path, "");
}
