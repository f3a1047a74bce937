using System.Text;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

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

    /// <summary>Takes out the pair <c>value: …</c>, with its separator; null when the pair is not written in the entry itself (aliases, <c>&lt;&lt;</c>).</summary>
    public static TextEdit? WithoutValue(string text, YamlMap map)
    {
        if (!IsWrittenHere(map)) return null;
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
        if (!IsWrittenHere(map)) yield break;
        var quoted = Quote(value);
        if (map.Find("value") is { } empty)
        {
            yield return new TextEdit(empty.Key.Span.Start, Math.Max(empty.Key.Span.End, empty.Value.Span.End), $"value: {quoted}");
            yield break;
        }
        var first = map.Entries[0].Key.Span;
        yield return new TextEdit(first.Start, first.Start, map.Flow ? $"value: {quoted}, " : $"value: {quoted}\n{new string(' ', first.Column - 1)}");
    }

    private static bool IsWrittenHere(YamlMap map)
    {
        var position = map.Span.Start;
        foreach (var entry in map.Entries)
        {
            if (entry.Key.Span.Start < position || entry.Value.Span.Start < entry.Key.Span.End) return false;
            position = entry.Value.Span.End;
        }
        return true;
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
