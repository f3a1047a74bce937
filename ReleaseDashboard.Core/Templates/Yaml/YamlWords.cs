namespace ReleaseDashboard.Core.Templates.Yaml;

/// <summary>Says what the YAML scanner says in words a person acts on.</summary>
internal static class YamlWords
{
    private static readonly (string Part, string Words)[] Known =
    [
        ("mapping values are not allowed", "A \":\" is not expected here. Check the indentation of this line and the one above, or put the text in quotes."),
        ("did not find expected key", "A key was expected here. Check that this line is indented like its neighbours."),
        ("did not find expected '-'", "A list item (\"- …\") was expected here. Check that this line is indented like its neighbours."),
        ("block sequence entries are not allowed", "A list item (\"- …\") is not allowed here. Check the indentation."),
        ("could not find expected ':'", "A \":\" is missing after this key, or the line is indented wrongly."),
        ("did not find expected ',' or ']'", "A list in brackets is not closed: \",\" or \"]\" was expected."),
        ("did not find expected ',' or '}'", "A mapping in braces is not closed: \",\" or \"}\" was expected."),
        ("did not find expected node content", "A value was expected here. Check that every bracket and brace is closed."),
        ("unexpected end of stream", "A quoted text is not closed."),
        ("that cannot start any token", "This character cannot start a value. Put the text in quotes."),
        ("unknown escape character", "The text in double quotes holds an unknown escape. Use single quotes, or write \\\\ for a backslash."),
    ];

    public static string Plain(string message)
    {
        foreach (var (part, words) in Known)
        {
            if (message.Contains(part, StringComparison.OrdinalIgnoreCase)) return words;
        }
        return $"This is not valid YAML: {message.Trim().TrimEnd('.')}.";
    }
}
