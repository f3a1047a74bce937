using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ReleaseDashboard.Core.Templates.Yaml;

/// <summary>
/// Text → nodes with places. Whatever is wrong with the text as YAML becomes a diagnostic; nothing throws. Limits keep a
/// hostile text cheap: size, depth, and the number of values once aliases are spelled out.
/// </summary>
internal sealed class YamlReader
{
    public const int MaximumBytes = 1024 * 1024;
    public const int MaximumDepth = 50;
    public const int MaximumValues = 50_000;

    private readonly Parser _parser;
    private readonly string _text;
    private readonly DiagnosticBag _bag;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
    private readonly HashSet<AnchorName> _open = [];
    private readonly List<(int First, int Last)> _longScalars = [];
    private readonly List<YamlScalar> _duplicates = [];
    private long _values;

    private YamlReader(string text, DiagnosticBag bag)
    {
        _text = text;
        _bag = bag;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Null when there is an error, or (with <paramref name="what"/> null) when the text is empty.</summary>
    /// <param name="what">What the text is, for "… is empty"; null when it may be empty.</param>
    public static YamlMap? Read(string text, DiagnosticBag bag, string? what)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaximumBytes)
        {
            bag.Add(1, 1, "", "The text is larger than 1 MiB. Make it smaller.", null, false);
            return null;
        }

        if (FirstHalfCharacter(text) is { } half)
        {
            bag.Add(text.AsSpan(0, half).Count('\n') + 1, half - (half == 0 ? -1 : text.LastIndexOf('\n', half - 1)), "", "This character is damaged (half of a Unicode pair). Type it again.", null, false);
            return null;
        }

        var reader = new YamlReader(text, bag);
        YamlNode? root = null;
        try
        {
            root = reader.Document();
            foreach (var tab in Tabs(text).Where(t => !reader.InsideScalar(t.Line))) reader.TabError(tab);
        }
        catch (TooMuchException tooMuch)
        {
            reader.Add(tooMuch.At, tooMuch.Message);
        }
        catch (YamlException e)
        {
            reader.SyntaxError(e.Start, e.Message);
        }
        // The scanner answers some broken texts with these instead of a YamlException.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            reader.SyntaxError(reader._parser.Current?.End ?? Mark.Empty, "This is not valid YAML.");
        }

        foreach (var duplicate in reader._duplicates)
            bag.Error(duplicate, $"The key \"{duplicate.Value}\" stands here a second time. Keep one of them.");
        if (bag.HasErrors) return null;
        switch (root)
        {
            case YamlMap map:
                return map;
            case null or YamlScalar { IsNull: true }:
                if (what is not null) bag.Add(1, 1, "", $"{what} is empty.", null, false);
                return null;
            default:
                bag.Error(root, $"The text must be a mapping of keys at its top, but it is {root.Kind}.");
                return null;
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return null;
        _parser.Consume<DocumentStart>();
        var root = Node(1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second)) Add(second.Start, "The text holds a second document (---). Only one is allowed.");
        return root;
    }

    private YamlNode Node(int depth)
    {
        if (!_parser.Accept<ParsingEvent>(out var current)) throw new YamlException(Mark.Empty, Mark.Empty, "The text ends too early.");
        if (depth > MaximumDepth) throw new TooMuchException(current.Start, $"The text is nested deeper than {MaximumDepth} levels.");
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Alias(alias, depth);

        var anchor = current is NodeEvent node ? node.Anchor : AnchorName.Empty;
        if (!anchor.IsEmpty) _open.Add(anchor);
        Count(1, current.Start);
        YamlNode result = current switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => throw new YamlException(current.Start, current.End, "A value was expected here."),
        };
        if (!anchor.IsEmpty)
        {
            _open.Remove(anchor);
            _anchors[anchor] = result;
        }
        return result;
    }

    private YamlNode Alias(AnchorAlias alias, int depth)
    {
        if (_open.Contains(alias.Value)) throw new TooMuchException(alias.Start, $"*{alias.Value.Value} stands inside the value it names, so it would never end.");
        if (!_anchors.TryGetValue(alias.Value, out var target)) throw new TooMuchException(alias.Start, $"*{alias.Value.Value} names an anchor (&{alias.Value.Value}) that does not exist before this line.");
        Count(target.Weight, alias.Start);
        if (depth + target.Height - 1 > MaximumDepth) throw new TooMuchException(alias.Start, $"The text is nested deeper than {MaximumDepth} levels.");
        return target;
    }

    private void Count(long more, Mark at)
    {
        _values += more;
        if (_values > MaximumValues) throw new TooMuchException(at, $"The text has more than {MaximumValues} values once its aliases are spelled out.");
    }

    private YamlScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        if (scalar.End.Line > scalar.Start.Line) _longScalars.Add(((int)scalar.Start.Line, (int)scalar.End.Line));
        return new YamlScalar(SpanOf(scalar.Start, scalar.End), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        SequenceEnd? end;
        while (!_parser.TryConsume<SequenceEnd>(out end)) items.Add(Node(depth + 1));
        var list = new YamlList(SpanOf(start.Start, end.End), items);
        for (var i = 0; i < items.Count; i++) items[i].Place(list, $"[{i}]");
        Measure(list, items);
        return list;
    }

    private YamlMap ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var merges = new List<YamlNode>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var duplicates = new List<YamlScalar>();
        MappingEnd? end;
        while (!_parser.TryConsume<MappingEnd>(out end))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlScalar name)
            {
                _bag.Error(key, $"A key must be text, but it is {key.Kind}.");
                continue;
            }
            if (name is { Plain: true, Value: "<<" }) merges.Add(value);
            else if (known.Add(name.Value)) entries.Add(new YamlEntry(name, value));
            else duplicates.Add(name);
        }
        foreach (var merge in merges) Merge(merge, entries, known);

        var map = new YamlMap(SpanOf(start.Start, end.End), entries, start.Style == MappingStyle.Flow);
        foreach (var entry in entries)
        {
            entry.Key.Place(map, entry.Key.Value.Length == 0 ? "\"\"" : entry.Key.Value);
            entry.Value.Place(map, entry.Key.Value.Length == 0 ? "\"\"" : entry.Key.Value);
        }
        foreach (var duplicate in duplicates)
        {
            duplicate.Place(map, duplicate.Value.Length == 0 ? "\"\"" : duplicate.Value);
            _duplicates.Add(duplicate);
        }
        Measure(map, entries.Select(e => e.Value));
        return map;
    }

    private void Merge(YamlNode merge, List<YamlEntry> entries, HashSet<string> known)
    {
        var sources = merge is YamlList list ? list.Items : [merge];
        foreach (var source in sources)
        {
            if (source is not YamlMap map) _bag.Error(source, $"<< merges a mapping, but this is {source.Kind}.");
            else entries.AddRange(map.Entries.Where(e => known.Add(e.Key.Value)).Select(e => e with { Merged = true }));
        }
    }

    private static void Measure(YamlNode node, IEnumerable<YamlNode> children)
    {
        foreach (var child in children)
        {
            node.Weight += child.Weight;
            node.Height = Math.Max(node.Height, child.Height + 1);
        }
    }

    private bool InsideScalar(int line) => _longScalars.Any(s => line > s.First && line <= s.Last);

    private void SyntaxError(Mark at, string message)
    {
        // Where the reader names the tab itself, it may stand at the beginning of the whole mapping.
        var aboutTabs = message.Contains("tab", StringComparison.OrdinalIgnoreCase);
        var tabs = Tabs(_text).Where(t => !InsideScalar(t.Line) && (aboutTabs || t.Line <= at.Line + 1)).ToList();
        if (tabs.Count > 0) TabError(tabs[0]);
        else Add(at, YamlWords.Plain(message));
    }

    private void TabError((int Line, int Column) tab) =>
        _bag.Add(tab.Line, tab.Column, "", "This line is indented with a tab. YAML allows only spaces: replace the tab by spaces.", null, false);

    private void Add(Mark at, string message)
    {
        // The scanner sees a line behind the last one; what is missing there is missing at the end of the text.
        var lines = _text.TrimEnd().Split('\n');
        var (line, column) = at.Line > lines.Length ? (lines.Length, lines[^1].Length + 1) : (Math.Max(1, (int)at.Line), Math.Max(1, (int)at.Column));
        _bag.Add(line, column, "", message, null, false);
    }

    private static int? FirstHalfCharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
            i++;
        }
        return null;
    }

    private static Span SpanOf(Mark start, Mark end) => new((int)start.Line, (int)start.Column, (int)start.Index, (int)end.Index);

    /// <summary>Lines whose indentation holds a tab and that are not empty or a comment, with the tab's place.</summary>
    private static IEnumerable<(int Line, int Column)> Tabs(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.AsSpan().TrimStart();
            if (content.IsEmpty || content[0] == '#') continue;
            var tab = line.AsSpan(0, line.Length - content.Length).IndexOf('\t');
            if (tab >= 0) yield return (number, tab + 1);
        }
    }

    private sealed class TooMuchException(Mark at, string message) : Exception(message)
    {
        public Mark At { get; } = at;
    }
}
