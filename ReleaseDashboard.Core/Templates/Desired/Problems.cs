using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>Collects what cannot be resolved, each problem once.</summary>
internal sealed class Problems
{
    private readonly List<TemplateDiagnostic> _items = [];

    public void Error(string path, string message) => Add(new TemplateDiagnostic(1, 1, path, message));

    public void Warning(string path, string message) => Add(new TemplateDiagnostic(1, 1, path, message, IsWarning: true));

    public Parsed<T> Result<T>(T value) where T : class => new(_items.Any(d => !d.IsWarning) ? null : value, _items);

    private void Add(TemplateDiagnostic diagnostic)
    {
        if (!_items.Exists(d => IsSame(d, diagnostic))) _items.Add(diagnostic);
    }

    /// <summary>What a value shared by several services names is missing in each of them; only what may have been meant differs.</summary>
    public static bool IsSame(TemplateDiagnostic one, TemplateDiagnostic other) =>
        one.Path == other.Path && one.IsWarning == other.IsWarning && Said(one.Message) == Said(other.Message);

    private static string Said(string message) => message.Split(" Did you mean", 2)[0];
}
