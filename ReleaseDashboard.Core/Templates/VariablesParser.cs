using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Reading;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Reads an Environment Variables Template, of an application (<c>defaults</c>) or of an environment (<c>envs</c>). Never throws.</summary>
public static class VariablesParser
{
    private const string Example = "- { key: NAME, value: text }";

    /// <summary>An empty text is an empty template.</summary>
    public static Parsed<VariablesTemplate> Parse(string yaml)
    {
        var bag = new DiagnosticBag();
        if (YamlReader.Read(yaml, bag, null) is not { } map) return bag.Result(VariablesTemplate.Empty);
        var root = new MapReader(map, bag);
        var defaults = VariableReader.Read(root.Entries("defaults", Example));
        var envs = VariableReader.Read(root.Entries("envs", Example));
        if (root.At("defaults") is not null && root.At("envs") is { } both)
            bag.Error(both, "\"defaults\" and \"envs\" are two names of the same section. Keep one of them.");
        var template = new VariablesTemplate(Mapping(root), [.. defaults, .. envs], Services(root));
        root.Finish("a variables template");
        return bag.Result(template);
    }

    private static Dictionary<string, string> Mapping(MapReader root)
    {
        var mapping = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.Section("mapping") is not { } section) return mapping;
        foreach (var entry in section.Map.Entries)
        {
            if (entry.Key.Value.Length == 0 || entry.Key.Value.Contains('=', StringComparison.Ordinal) || entry.Key.Value.Any(char.IsWhiteSpace))
                root.Bag.Error(entry.Key, $"\"{entry.Key.Value}\" cannot be the name of a variable.");
            else if (Values.Text(entry.Value, root.Bag) is not { } value) continue;
            else if (value.Length == 0) root.Bag.Error(entry.Value, $"{entry.Key.Value} is mapped to nothing. Write the name of a variable, such as RELEASE_COMMIT_SHA.");
            else if (value.StartsWith("ssm://", StringComparison.Ordinal)) root.Bag.Warning(entry.Value, "Parameters of AWS are accepted, but they have no effect yet; the variable is not set.");
            else mapping[entry.Key.Value] = value;
        }
        return mapping;
    }

    private static Dictionary<string, IReadOnlyList<VariableEntry>> Services(MapReader root)
    {
        var services = new Dictionary<string, IReadOnlyList<VariableEntry>>(StringComparer.Ordinal);
        if (root.Section("services") is not { } section) return services;
        foreach (var entry in section.Map.Entries) services[entry.Key.Value] = VariableReader.Read(section.Entries(entry.Key.Value, Example));
        return services;
    }
}
