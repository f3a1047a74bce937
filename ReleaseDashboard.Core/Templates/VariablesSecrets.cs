using System.Text;
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
        var edits = SecretEntries.In(root).Select(e => e.Map).Distinct().Where(m => m.Find("value") is not null).Select(m => SecretText.WithoutValue(yaml, m)).ToList();
        var hidden = SecretText.Apply(yaml, edits);
        // An alias may have named what is gone: then the text is written anew.
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

/// <summary>Finds the entries marked <c>secret: true</c>.</summary>
internal static class SecretEntries
{
    /// <param name="Scope">Section: <c>envs</c> (also for <c>defaults</c>) or the service.</param>
    internal sealed record Entry(string Scope, string Key, string? Value, YamlMap Map);

    public static IEnumerable<Entry> In(YamlMap root)
    {
        foreach (var section in root.Entries)
        {
            if (section.Key.Value is "defaults" or "envs")
            {
                foreach (var entry in Of(section.Value, "envs")) yield return entry;
            }
            else if (section is { Key.Value: "services", Value: YamlMap services })
            {
                foreach (var entry in services.Entries.SelectMany(s => Of(s.Value, $"services.{s.Key.Value}"))) yield return entry;
            }
        }
    }

    public static YamlNode WithoutValues(YamlNode node) => node switch
    {
        YamlMap map => new YamlMap(map.Span, [.. map.Entries.Where(e => e.Key.Value != "value" || !IsSecret(map)).Select(e => e with { Value = WithoutValues(e.Value) })], map.Flow),
        YamlList list => new YamlList(list.Span, [.. list.Items.Select(WithoutValues)]),
        _ => node,
    };

    private static IEnumerable<Entry> Of(YamlNode list, string scope) =>
        from map in (list as YamlList)?.Items.OfType<YamlMap>() ?? []
        where IsSecret(map)
        let value = map.Find("value")?.Value
        select new Entry(scope, (map.Find("key")?.Value as YamlScalar)?.Value ?? "", value is YamlScalar { IsNull: false } text ? text.Value : null, map);

    private static bool IsSecret(YamlMap map) => map.Find("secret")?.Value is YamlScalar flag && flag.Value.ToLowerInvariant() is "true" or "yes" or "on";
}

/// <param name="Start">Offset.</param>
/// <param name="End">Offset behind the part that <paramref name="Text"/> takes the place of.</param>
internal readonly record struct TextEdit(int Start, int End, string Text);

/// <summary>Edits that leave the rest of the text as it was written.</summary>
internal static class SecretText
{
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var result = new StringBuilder(text);
        foreach (var edit in edits.OrderByDescending(e => e.Start)) result.Remove(edit.Start, edit.End - edit.Start).Insert(edit.Start, edit.Text);
        return result.ToString();
    }

    /// <summary>Takes out the pair <c>value: …</c>, with its separator.</summary>
    public static TextEdit WithoutValue(string text, YamlMap map)
    {
        var index = map.Entries.ToList().FindIndex(e => e.Key.Value == "value");
        if (index + 1 < map.Entries.Count) return new TextEdit(map.Entries[index].Key.Span.Start, map.Entries[index + 1].Key.Span.Start, "");
        var end = map.Entries[index].Value.Span.End;
        // A block text ends behind its line break, which the line before still needs.
        while (end > 0 && text[end - 1] is '\n' or '\r') end--;
        return new TextEdit(map.Entries[index - 1].Value.Span.End, end, "");
    }

    /// <summary>Puts <c>value: …</c> in front of the entry's first key, or in place of an empty value.</summary>
    public static IEnumerable<TextEdit> WithValue(YamlMap map, string value)
    {
        var quoted = Quote(value);
        if (map.Find("value") is { } empty)
        {
            yield return new TextEdit(empty.Key.Span.Start, Math.Max(empty.Key.Span.End, empty.Value.Span.End), $"value: {quoted}");
            yield break;
        }
        var first = map.Entries[0].Key.Span;
        yield return new TextEdit(first.Start, first.Start, map.Flow ? $"value: {quoted}, " : $"value: {quoted}\n{new string(' ', first.Column - 1)}");
    }

    private static string Quote(string value)
    {
        var result = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\t' => result.Append("\\t"),
                '\r' => result.Append("\\r"),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' => result.Append("\\u").Append(((int)c).ToString("x4")),
                _ => result.Append(c),
            };
        }
        return result.Append('"').ToString();
    }
}
