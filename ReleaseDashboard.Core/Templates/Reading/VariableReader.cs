using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>Lists of <c>{key, value, secret}</c>.</summary>
internal static class VariableReader
{
    /// <param name="secrets">False where the text is stored as it is: a secret there would lie in the clear.</param>
    public static IReadOnlyList<VariableEntry> Read(IEnumerable<MapReader> entries, bool secrets = true)
    {
        var variables = new List<VariableEntry>();
        foreach (var entry in entries)
        {
            var key = entry.RequiredText("key", "It is the variable's name.");
            var secret = entry.Flag("secret") ?? false;
            if (secret && !secrets) entry.Bag.Error(entry.At("secret")!, "Secrets belong in the variables, where they are encrypted. Move this entry there.");
            var value = Value(entry, secret);
            entry.NotYet("build_arg");
            entry.Finish("a variable", closed: false);
            if (key is null) continue;
            if (key.Length == 0 || key.Contains('=', StringComparison.Ordinal) || key.Any(char.IsWhiteSpace) || key.Any(char.IsControl))
                entry.Bag.Error(entry.At("key")!, $"\"{key}\" cannot be the name of a variable: it must not be empty and hold no \"=\" and no space.");
            else if (variables.Any(v => v.Key == key))
                entry.Bag.Error(entry.At("key")!, $"The variable {key} stands in this list a second time. Keep one of them.");
            else
                variables.Add(new VariableEntry(key, value, secret));
        }
        return variables;
    }

    private static string? Value(MapReader entry, bool secret)
    {
        entry.Silent("value");
        if (entry.At("value") is { } node) return secret && entry.Node("value") is null ? null : Values.Text(node, entry.Bag);
        if (!secret) entry.Bag.Missing(entry.Map, "value", "The key \"value\" is missing. Only a secret whose value is stored may leave it out.");
        return null;
    }
}
