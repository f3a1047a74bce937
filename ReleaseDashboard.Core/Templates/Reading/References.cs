using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary>Names that are used before it is known whether they exist: collected while reading, checked at the end.</summary>
internal sealed class References
{
    private readonly List<(string Kind, string Name, YamlNode At)> _used = [];
    private readonly Dictionary<string, HashSet<string>> _names = [];

    /// <summary>Services that load but do not run today (static sites).</summary>
    public HashSet<string> Inactive { get; } = new(StringComparer.Ordinal);

    public void Use(string kind, string name, YamlNode at) => _used.Add((kind, name, at));

    public void Declare(string kind, string name)
    {
        if (!_names.TryGetValue(kind, out var names)) _names[kind] = names = new(StringComparer.Ordinal);
        names.Add(name);
    }

    public void Check(DiagnosticBag bag)
    {
        foreach (var (kind, name, at) in _used)
        {
            var names = _names.GetValueOrDefault(kind) ?? [];
            if (names.Contains(name)) continue;
            var nearest = Nearest.To(name, names);
            bag.Error(at, nearest is null
                ? $"There is no {kind} named \"{name}\"{(names.Count == 0 ? "" : $"; there is {string.Join(", ", names.Order(StringComparer.Ordinal).Take(10))}")}."
                : $"There is no {kind} named \"{name}\". Did you mean \"{nearest}\"?", nearest);
        }
    }
}
