using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Collects the problems of one text, each once, in the order of the text.</summary>
internal sealed class DiagnosticBag
{
    private readonly HashSet<TemplateDiagnostic> _items = [];

    public bool HasErrors => _items.Any(d => !d.IsWarning);

    public IReadOnlyList<TemplateDiagnostic> Items => [.. _items.OrderBy(d => d.Line).ThenBy(d => d.Column).ThenBy(d => d.IsWarning)];

    public void Error(YamlNode at, string message, string? suggestion = null) =>
        Add(at.Span.Line, at.Span.Column, at.Path, message, suggestion, false);

    public void Warning(YamlNode at, string message, string? suggestion = null) =>
        Add(at.Span.Line, at.Span.Column, at.Path, message, suggestion, true);

    /// <summary>A key that should be in <paramref name="map"/>.</summary>
    public void Missing(YamlMap map, string key, string message) =>
        Add(map.Span.Line, map.Span.Column, map.Path.Length == 0 ? key : $"{map.Path}.{key}", message, null, false);

    public void Add(int line, int column, string path, string message, string? suggestion, bool warning) =>
        _items.Add(new TemplateDiagnostic(line, column, path, message, suggestion, warning));

    /// <summary>The value, or null when an error was found.</summary>
    public Parsed<T> Result<T>(T? value) where T : class => new(HasErrors ? null : value, Items);
}
