namespace ReleaseDashboard.Core.Templates.Yaml;

/// <summary>A place in a YAML text.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="End">Offset behind the last character.</param>
internal readonly record struct Span(int Line, int Column, int Start, int End);

/// <summary>A value of the text with the place it stands at. An alias is the node it names, so it keeps the place of the original.</summary>
internal abstract class YamlNode(Span span)
{
    public Span Span { get; } = span;

    /// <summary><c>services[2].ports[0].type</c>; empty for the root.</summary>
    public string Path => _name is null ? "" : Join(_parent!.Path, _name);

    /// <summary>Number of nodes with every alias spelled out, and levels below this one: what limits are checked against.</summary>
    public long Weight { get; internal set; } = 1;
    public int Height { get; internal set; } = 1;

    private YamlNode? _parent;
    private string? _name;

    public abstract string Kind { get; }

    internal void Place(YamlNode parent, string name)
    {
        if (_parent is not null) return;
        _parent = parent;
        _name = name;
    }

    /// <summary>A node made from another stands where that one stands.</summary>
    internal void PlaceLike(YamlNode other)
    {
        _parent = other._parent;
        _name = other._name;
    }

    private static string Join(string parent, string name) => parent.Length == 0 || name[0] == '[' ? parent + name : $"{parent}.{name}";
}

internal sealed class YamlScalar(Span span, string value, bool plain) : YamlNode(span)
{
    public string Value { get; } = value;

    /// <summary>Without quotes: may stand for a number, a boolean or nothing.</summary>
    public bool Plain { get; } = plain;

    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNull ? "nothing" : "text";
}

internal sealed class YamlList(Span span, IReadOnlyList<YamlNode> items) : YamlNode(span)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <param name="Key">Where the key stands.</param>
/// <param name="Merged">Came in through <c>&lt;&lt;</c>, not written here.</param>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value, bool Merged = false);

internal sealed class YamlMap(Span span, IReadOnlyList<YamlEntry> entries, bool flow) : YamlNode(span)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    /// <summary>Written with braces.</summary>
    public bool Flow { get; } = flow;

    public override string Kind => "a mapping";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key.Value == key);
}
