using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>What may be given for the parameters of a template when an environment is made.</summary>
internal static class ParameterRules
{
    /// <summary>The values to keep, or why they are refused. A name without a value counts as not given.</summary>
    public static Outcome<Given> Check(Parsed<ApplicationTemplate> template, IReadOnlyDictionary<string, string>? given)
    {
        if (template.Value is null) return Refusals.Template("template", template.Diagnostics);
        var known = template.Value.Parameters;
        var values = Present(given);
        var unknown = values.Keys.Where(name => known.All(p => p.Name != name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            return Refusals.Invalid($"The template has no parameter {List(unknown)}. {(known.Count == 0 ? "It has no parameters." : $"It has {List([.. known.Select(p => p.Name)])}.")}");
        var missing = known.Where(p => p is { Default: null, Optional: false } && !values.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        return missing.Count == 0
            ? new Given(values)
            : Refusals.Invalid($"The template needs a value for the parameter {List(missing)}, which has no default. Give it when the environment is created, or add a default to the template.");
    }

    /// <summary>Tells two sets of values apart without showing them.</summary>
    public static string Digest(IReadOnlyDictionary<string, string>? given) =>
        Commands.Digest.Of([.. Present(given).OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => new[] { p.Key, p.Value })]);

    /// <summary>JSON may hold null where the type does not say so.</summary>
    private static Dictionary<string, string> Present(IReadOnlyDictionary<string, string>? given) =>
        given?.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) ?? [];

    private static string List(IReadOnlyList<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}

/// <param name="Values">Name → value.</param>
internal sealed record Given(IReadOnlyDictionary<string, string> Values);
