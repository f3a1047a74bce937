using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Finds the entries marked <c>secret: true</c>.</summary>
internal static class SecretEntries
{
    /// <param name="Scope">Section: <c>envs</c> (also for <c>defaults</c>) or the service.</param>
    internal sealed record Entry(string Scope, string Key, string? Value, YamlMap Map);

    public static IEnumerable<Entry> In(YamlMap root)
    {
        foreach (var section in root.Entries)
        {
            if (section.Key.Value is "defaults" or "envs")
            {
                foreach (var entry in Of(section.Value, "envs")) yield return entry;
            }
            else if (section is { Key.Value: "services", Value: YamlMap services })
            {
                foreach (var entry in services.Entries.SelectMany(s => Of(s.Value, $"services.{s.Key.Value}"))) yield return entry;
            }
        }
    }

    public static YamlNode WithoutValues(YamlNode node) => node switch
    {
        YamlMap map => new YamlMap(map.Span, [.. map.Entries.Where(e => e.Key.Value != "value" || !IsSecret(map)).Select(e => e with { Value = WithoutValues(e.Value) })], map.Flow),
        YamlList list => new YamlList(list.Span, [.. list.Items.Select(WithoutValues)]),
        _ => node,
    };

    private static IEnumerable<Entry> Of(YamlNode list, string scope) =>
        from map in (list as YamlList)?.Items.OfType<YamlMap>() ?? []
        where IsSecret(map)
        let value = map.Find("value")?.Value
        select new Entry(scope, (map.Find("key")?.Value as YamlScalar)?.Value ?? "", value is YamlScalar { IsNull: false } text ? text.Value : null, map);

    private static bool IsSecret(YamlMap map) => map.Find("secret")?.Value is YamlScalar flag && flag.Value.ToLowerInvariant() is "true" or "yes" or "on";
}
