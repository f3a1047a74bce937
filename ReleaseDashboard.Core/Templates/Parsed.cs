using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates;

/// <summary>A value and every problem found on the way. <see cref="Value"/> is null exactly when one of them is an error.</summary>
public sealed record Parsed<T>(T? Value, IReadOnlyList<TemplateDiagnostic> Diagnostics) where T : class
{
    public bool HasErrors => Diagnostics.Any(d => !d.IsWarning);
}
