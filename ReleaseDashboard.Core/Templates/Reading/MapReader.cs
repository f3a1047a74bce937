using System.Globalization;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>
/// Reads one mapping key by key. Every key that is asked for is a known key; what was never asked for is unknown, and
/// <see cref="Finish"/> says so.
/// </summary>
internal sealed class MapReader(YamlMap map, DiagnosticBag bag)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public YamlMap Map { get; } = map;
    public DiagnosticBag Bag { get; } = bag;

    /// <summary>Null when the key is absent or its value is empty.</summary>
    public YamlNode? Node(string key)
    {
        _known.Add(key);
        return Map.Find(key)?.Value is { } value and not YamlScalar { IsNull: true } ? value : null;
    }

    public YamlNode? At(string key) => Map.Find(key)?.Value;

    public string? Text(string key) => Node(key) is { } node ? Values.Text(node, Bag) : null;

    public string? RequiredText(string key, string why)
    {
        if (Node(key) is { } node) return Values.Text(node, Bag);
        Bag.Missing(Map, key, $"The key \"{key}\" is missing. {why}");
        return null;
    }

    public bool? Flag(string key) => Node(key) is { } node ? Values.Flag(node, Bag) : null;

    public int? Whole(string key, int minimum, int maximum) => Node(key) is { } node ? Values.Whole(node, minimum, maximum, Bag) : null;

    public double? Number(string key, double minimum, double maximum)
    {
        if (Node(key) is not { } node || Values.Text(node, Bag) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum) return value;
        Bag.Error(node, $"\"{text}\" is not a number from {minimum.ToString(CultureInfo.InvariantCulture)} to {maximum.ToString(CultureInfo.InvariantCulture)}.");
        return null;
    }

    public MapReader? Section(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is YamlMap section) return new MapReader(section, Bag);
        Bag.Error(node, $"\"{key}\" must be a mapping of keys, but it is {node.Kind}.");
        return null;
    }

    public IReadOnlyList<YamlNode> List(string key, string example)
    {
        if (Node(key) is not { } node) return [];
        if (node is YamlList list) return list.Items;
        Bag.Error(node, $"\"{key}\" must be a list, but it is {node.Kind}. Write {example}.");
        return [];
    }

    /// <summary>A list of mappings.</summary>
    public IEnumerable<MapReader> Entries(string key, string example)
    {
        foreach (var item in List(key, example))
        {
            if (item is YamlMap entry) yield return new MapReader(entry, Bag);
            else Bag.Error(item, $"An entry of \"{key}\" must be a mapping of keys, but it is {item.Kind}. Write {example}.");
        }
    }

    public IReadOnlyList<string> Texts(string key, string example)
    {
        var texts = new List<string>();
        foreach (var item in List(key, example))
        {
            if (Values.Text(item, Bag) is { } text) texts.Add(text);
        }
        return texts;
    }

    /// <summary>Known keys that are read elsewhere or mean nothing any more.</summary>
    public void Silent(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) _known.Add(key);
    }

    /// <summary>Keys of the complete language that do nothing today.</summary>
    public void NotYet(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _known.Add(key);
            if (Map.Find(key) is not { } entry || entry.Value is YamlScalar { IsNull: true } or YamlScalar { Plain: true, Value: "false" } or YamlList { Items.Count: 0 } or YamlMap { Entries.Count: 0 }) continue;
            Bag.Warning(entry.Key, $"\"{key}\" is accepted, but it has no effect yet.");
        }
    }

    /// <summary>Reports the keys nobody asked for.</summary>
    /// <param name="of">What has such keys: "a service".</param>
    /// <param name="closed">False: a key that is not near a known one is kept with a warning.</param>
    public void Finish(string of, bool closed = true)
    {
        foreach (var entry in Map.Entries.Where(e => !_known.Contains(e.Key.Value)))
        {
            var key = entry.Key.Value;
            var nearest = Nearest.To(key, _known);
            var message = nearest is null
                ? $"\"{key}\" is not a key of {of}."
                : $"\"{key}\" is not a key of {of}. Did you mean \"{nearest}\"?";
            if (closed || (nearest is not null && Nearest.Distance(key, nearest) <= 2)) Bag.Error(entry.Key, message, nearest);
            else Bag.Warning(entry.Key, $"{message} It has no effect.", nearest);
        }
    }
}
