using System.Text;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Changes sections of a text and leaves the others as they were written, comments included.</summary>
internal static class TopLevelText
{
    /// <summary>The text of <paramref name="merged"/>, made from <paramref name="text"/> (whose nodes are <paramref name="root"/>).</summary>
    public static string Rewrite(string text, YamlMap root, YamlMap merged)
    {
        if (!root.Flow && KeysAreWrittenInOrder(root))
        {
            var spliced = Splice(text, root, merged);
            // What was left out may have held an anchor that is used elsewhere: only a text that says the same is good.
            if (YamlReader.Read(spliced, new DiagnosticBag(), "") is { } again && Same(again, merged)) return spliced;
        }
        return YamlWriter.Write(merged);
    }

    private static string Splice(string text, YamlMap root, YamlMap merged)
    {
        var result = new StringBuilder(text.Length);
        var position = 0;
        foreach (var (entry, index) in root.Entries.Select((e, i) => (e, i)))
        {
            var start = LineStart(text, entry.Key.Span.Start);
            var end = SectionEnd(text, start, index + 1 < root.Entries.Count ? LineStart(text, root.Entries[index + 1].Key.Span.Start) : text.Length);
            result.Append(text, position, start - position);
            position = start;
            var now = merged.Find(entry.Key.Value);
            if (now is not null && ReferenceEquals(now.Value, entry.Value)) continue;
            if (now is not null) result.Append(YamlWriter.Write(now));
            position = end;
        }
        result.Append(text, position, text.Length - position);
        foreach (var added in merged.Entries.Where(e => root.Find(e.Key.Value) is null))
        {
            if (result.Length > 0 && result[^1] != '\n') result.Append('\n');
            result.Append(YamlWriter.Write(added));
        }
        return result.ToString();
    }

    private static bool KeysAreWrittenInOrder(YamlMap root) =>
        root.Entries.All(e => e.Key.Span.Column == root.Entries[0].Key.Span.Column)
        && root.Entries.Zip(root.Entries.Skip(1)).All(p => p.First.Key.Span.Line < p.Second.Key.Span.Line);

    private static int LineStart(string text, int position) => position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;

    /// <summary>Comments and empty lines before the next section belong to that one.</summary>
    private static int SectionEnd(string text, int start, int end)
    {
        while (end > start)
        {
            var line = LineStart(text, end - 1);
            var content = text.AsSpan(line, end - line).Trim();
            if (line <= start || !(content.IsEmpty || text[line] == '#')) break;
            end = line;
        }
        return end;
    }

    internal static bool Same(YamlNode a, YamlNode b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Value == y.Value && x.IsNull == y.IsNull,
        (YamlList x, YamlList y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(p => Same(p.First, p.Second)),
        (YamlMap x, YamlMap y) => x.Entries.Count == y.Entries.Count && x.Entries.All(e => y.Find(e.Key.Value) is { } other && Same(e.Value, other.Value)),
        _ => false,
    };
}
