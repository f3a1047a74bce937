using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>
/// Makes an environment's own configuration out of an application's texts. The entry of <c>environment_templates</c> for its kind overrides
/// sections of the template: mappings are merged; lists of named entries (services, jobs, workflows, …) are merged by name; everything else, and a list
/// inside such an entry, is replaced. An empty list empties the section.
/// </summary>
public static class EnvironmentTemplateMerge
{
    private const string Section = "environment_templates";

    /// <summary>The template as the environment's configuration: the same keys without <c>environment_templates</c>. Sections that are not overridden keep their comments and layout.</summary>
    public static Parsed<string> Merge(string template, EnvironmentKind kind)
    {
        var bag = new DiagnosticBag();
        if (YamlReader.Read(template, bag, "The template") is not { } root) return bag.Result<string>(null);

        var word = kind.Word();
        var listed = root.Find(Section);
        var variant = Variants(root).FirstOrDefault(v => Name(v) == word);
        if (variant is null && listed?.Value is YamlList { Items.Count: > 0 })
        {
            bag.Error(listed.Key, $"This application has no environment template named {word}, so no {word} environment can be made.");
            return bag.Result<string>(null);
        }

        var merged = variant is null ? Without(root, Section) : Apply(root, variant);
        return bag.Result(TopLevelText.Rewrite(template, root, merged));
    }

    /// <summary>The variables as the environment's own: <c>defaults</c> is called <c>envs</c> there.</summary>
    public static string Variables(string variables)
    {
        var root = YamlReader.Read(variables, new DiagnosticBag(), null);
        if (root?.Find("defaults") is not { } defaults || root.Find("envs") is not null) return variables;
        var span = defaults.Key.Span;
        if (!variables.AsSpan(span.Start, span.End - span.Start).Contains("defaults", StringComparison.Ordinal)) return variables;
        return string.Concat(variables.AsSpan(0, span.Start), "envs", variables.AsSpan(span.End));
    }

    /// <summary>The environment templates that override anything.</summary>
    internal static IEnumerable<YamlMap> Overrides(YamlMap root) => Variants(root).Where(v => v.Entries.Any(e => e.Key.Value != "name"));

    /// <summary>The template as each kind of environment reads it; as it is where no kinds are listed.</summary>
    internal static IEnumerable<YamlMap> Shapes(YamlMap root) => Variants(root).ToList() is { Count: > 0 } variants ? variants.Select(v => Apply(root, v)) : [root];

    internal static YamlMap Apply(YamlMap root, YamlMap variant) => MergeMaps(Without(root, Section), Without(variant, "name"), top: true);

    private static IEnumerable<YamlMap> Variants(YamlMap root) => root.Find(Section)?.Value is YamlList list ? list.Items.OfType<YamlMap>() : [];

    private static YamlMap Without(YamlMap map, string key)
    {
        var result = new YamlMap(map.Span, [.. map.Entries.Where(e => e.Key.Value != key)], map.Flow);
        result.PlaceLike(map);
        return result;
    }

    private static YamlMap MergeMaps(YamlMap under, YamlMap over, bool top)
    {
        var entries = new List<YamlEntry>();
        foreach (var entry in under.Entries)
        {
            var other = over.Find(entry.Key.Value);
            if (other is not null) entries.Add(entry with { Value = Merge(entry.Value, other.Value, top) });
            else if (!Replaced(entry.Key.Value, over)) entries.Add(entry);
        }
        entries.AddRange(over.Entries.Where(e => under.Find(e.Key.Value) is null));
        var result = new YamlMap(over.Span, entries, over.Flow && under.Flow);
        result.PlaceLike(top ? under : over);
        return result;
    }

    /// <summary>Forms of which a thing has only one: the form written in the override takes the place of the other.</summary>
    private static bool Replaced(string key, YamlMap over)
    {
        string[][] alternatives = [["order_from", "parallelize"], ["exec", "http_get", "tcp_socket"], ["image", "from_services"]];
        return over.Find("image") is null || key != "image"
            ? alternatives.Where(a => a.Contains(key)).Any(a => a.Any(other => other != key && over.Find(other) is not null))
            : false;
    }

    private static YamlNode Merge(YamlNode under, YamlNode over, bool top) => (under, over) switch
    {
        (YamlMap a, YamlMap b) => MergeMaps(a, b, top: false),
        (YamlList a, YamlList { Items.Count: > 0 } b) when top && a.Items.Concat(b.Items).All(i => Name(i) is not null) => MergeLists(a, b),
        _ => over,
    };

    private static YamlList MergeLists(YamlList under, YamlList over)
    {
        var items = new List<YamlNode>();
        foreach (var item in under.Items)
        {
            var other = over.Items.FirstOrDefault(o => Name(o) == Name(item));
            items.Add(other is null ? item : Merge(item, other, top: false));
        }
        items.AddRange(over.Items.Where(o => under.Items.All(u => Name(u) != Name(o))));
        var list = new YamlList(over.Span, items);
        list.PlaceLike(over);
        return list;
    }

    /// <summary><c>name</c> of an entry, or the one key of an entry like those of <c>hostnames</c>.</summary>
    private static string? Name(YamlNode node) => node switch
    {
        YamlMap map when map.Find("name")?.Value is YamlScalar name => name.Value,
        YamlMap { Entries: [{ Value: YamlScalar } only] } => only.Key.Value,
        _ => null,
    };
}
