using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>
/// Secrets in the text of an Environment Variables Template. Order of use on a save: <see cref="VariablesParser.Parse"/> on what was typed,
/// <see cref="MergeKept"/> with the stored text, <see cref="Missing"/> on the result, then encrypt and store. What a page shows goes through <see cref="Hide"/>.
/// </summary>
public static class VariablesSecrets
{
    private const string Unreadable = "# The stored variables are not valid YAML, so they are not shown.\n";

    /// <summary>The text without the values of secret entries; everything else as it was written.</summary>
    public static string Hide(string yaml)
    {
        if (string.IsNullOrWhiteSpace(yaml)) return yaml;
        var bag = new DiagnosticBag();
        var root = YamlReader.Read(yaml, bag, null);
        if (bag.HasErrors) return Unreadable;
        if (root is null) return yaml;
        var edits = SecretEntries.In(root).Select(e => e.Map).Distinct().Where(m => m.Find("value") is not null).Select(m => SecretText.WithoutValue(yaml, m)).OfType<TextEdit>();
        var hidden = SecretText.Apply(yaml, edits);
        // An alias or a merge may bring a value from elsewhere: then the text is written anew.
        var check = new DiagnosticBag();
        var again = YamlReader.Read(hidden, check, null);
        return !check.HasErrors && (again is null || SecretEntries.In(again).All(e => e.Map.Find("value") is null)) ? hidden : YamlWriter.Write((YamlMap)SecretEntries.WithoutValues(root));
    }

    /// <summary>The new text with the stored value of every secret entry that has none. Text that is not valid YAML comes back as it is.</summary>
    /// <param name="oldYaml">As stored, in clear.</param>
    public static string MergeKept(string newYaml, string? oldYaml)
    {
        var root = YamlReader.Read(newYaml, new DiagnosticBag(), null);
        var old = string.IsNullOrWhiteSpace(oldYaml) ? null : YamlReader.Read(oldYaml, new DiagnosticBag(), null);
        if (root is null || old is null) return newYaml;
        var stored = new Dictionary<(string, string), string>();
        foreach (var entry in SecretEntries.In(old))
        {
            if (entry.Value is { } value) stored.TryAdd((entry.Scope, entry.Key), value);
        }
        var edits = new List<TextEdit>();
        foreach (var entry in SecretEntries.In(root).Where(e => e.Value is null).DistinctBy(e => e.Map))
        {
            if (stored.TryGetValue((entry.Scope, entry.Key), out var value)) edits.AddRange(SecretText.WithValue(entry.Map, value));
        }
        return SecretText.Apply(newYaml, edits);
    }

    /// <summary>Secret entries without a value, each as an error at its place.</summary>
    public static IReadOnlyList<TemplateDiagnostic> Missing(string yaml)
    {
        var bag = new DiagnosticBag();
        if (YamlReader.Read(yaml, bag, null) is { } root)
        {
            foreach (var entry in SecretEntries.In(root).Where(e => e.Value is null))
                bag.Missing(entry.Map, "value", $"The secret {entry.Key} has no stored value yet. Give it one with the key \"value\".");
        }
        return bag.Items;
    }

    /// <summary>The values that must be masked wherever text is shown. Without duplicates; empty ones left out.</summary>
    public static IReadOnlyList<string> Values(VariablesTemplate variables) =>
        [.. variables.Defaults.Concat(variables.Services.Values.SelectMany(s => s))
            .Where(v => v.Secret && !string.IsNullOrEmpty(v.Value))
            .Select(v => v.Value!)
            .Distinct(StringComparer.Ordinal)];
}
