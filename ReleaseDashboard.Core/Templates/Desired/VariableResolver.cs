using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>
/// The variables of one service or job. Later layers win: platform, mapping, defaults, service, template's <c>envs</c>. <c>${NAME}</c> in a value is the
/// variable NAME of the same service; inside its own definition it is the value of the layer below.
/// </summary>
internal sealed class VariableResolver
{
    private readonly Dictionary<string, List<(string Value, string Path)>> _layers = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _platform;
    private readonly IReadOnlyDictionary<string, string?> _parameters;
    private readonly Action<string, string> _error;
    private readonly Dictionary<(string, int), string> _resolved = [];
    private readonly HashSet<(string, int)> _open = [];

    /// <param name="parameters">Null value: optional and not given.</param>
    /// <param name="error">Receives path and message.</param>
    public VariableResolver(IReadOnlyDictionary<string, string> platform, IReadOnlyDictionary<string, string?> parameters, Action<string, string> error)
    {
        _platform = platform;
        _parameters = parameters;
        _error = error;
    }

    /// <summary>The names that something other than the platform defines.</summary>
    public IEnumerable<string> Named => _layers.Keys;

    public VariableResolver Map(IReadOnlyDictionary<string, string> mapping)
    {
        foreach (var (name, target) in mapping) Add(name, Interpolation.IsUsedIn(target) ? target : $"${{{target}}}", $"mapping.{name}");
        return this;
    }

    /// <param name="path">Section the entries stand in.</param>
    public VariableResolver Set(IReadOnlyList<VariableEntry> entries, string path)
    {
        foreach (var entry in entries)
        {
            if (entry.Value is { } value) Add(entry.Key, value, $"{path}.{entry.Key}");
            else _error($"{path}.{entry.Key}", $"The secret {entry.Key} has no stored value. Enter a value for it in the variables.");
        }
        return this;
    }

    public IReadOnlyDictionary<string, string> Resolve()
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _platform) result[name] = value;
        foreach (var (name, layers) in _layers) result[name] = Value(name, layers.Count - 1);
        return result;
    }

    private void Add(string name, string value, string path)
    {
        if (!_layers.TryGetValue(name, out var layers)) _layers[name] = layers = [];
        layers.Add((value, path));
    }

    private string Value(string name, int layer)
    {
        if (_resolved.TryGetValue((name, layer), out var known)) return known;
        var (text, path) = _layers[name][layer];
        if (!_open.Add((name, layer)) || _open.Count > 100)
        {
            _error(path, $"The variable {name} is defined by itself, through {string.Join(", ", _open.Select(o => o.Item1).Distinct().Take(5))}.");
            return "";
        }
        var value = Interpolation.Expand(text, reference => Find(reference, name, layer, path));
        _open.Remove((name, layer));
        return _resolved[(name, layer)] = value;
    }

    private string? Find(string reference, string inside, int layer, string path)
    {
        if (reference.StartsWith("parameters.", StringComparison.Ordinal))
        {
            var parameter = reference["parameters.".Length..];
            if (_parameters.TryGetValue(parameter, out var given)) return given ?? "";
            _error(path, $"${{{reference}}} names a parameter the template does not have, or one that was given no value.");
            return null;
        }
        if (reference == inside && layer > 0) return Value(inside, layer - 1);
        if (reference != inside && _layers.TryGetValue(reference, out var layers)) return Value(reference, layers.Count - 1);
        if (_platform.TryGetValue(reference, out var platform)) return platform;
        var nearest = Nearest.To(reference, _platform.Keys.Concat(_layers.Keys));
        _error(path, $"${{{reference}}} names a variable that does not exist.{(nearest is null ? "" : $" Did you mean ${{{nearest}}}?")}");
        return null;
    }
}
