using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>services[].build</c> and <c>builds[]</c>.</summary>
internal static class BuildReader
{
    public static IReadOnlyList<BuildTemplate> All(MapReader root)
    {
        var names = new Names("build", dns: true);
        var builds = new List<BuildTemplate>();
        foreach (var entry in root.Entries("builds", "- { name: tools, context: tools }"))
        {
            if (names.Read(entry) is { } name) builds.Add(One(entry, name));
            entry.Finish("a build");
        }
        return builds;
    }

    public static BuildTemplate? OfService(MapReader service, string name)
    {
        if (service.Section("build") is not { } build) return null;
        var result = One(build, name);
        build.Finish("build", closed: false);
        return result;
    }

    private static BuildTemplate One(MapReader build, string name)
    {
        var context = Names.RepositoryPath(build.At("context"), build.Text("context"), build.Bag) ?? ".";
        var dockerfile = build.Text("dockerfile");
        if (dockerfile is not null && BuildPaths.Join(context, dockerfile) is null && BuildPaths.Normalize(dockerfile) is null)
            build.Bag.Error(build.At("dockerfile")!, $"\"{dockerfile}\" is not a path inside the repository.");
        return new BuildTemplate(name, context, dockerfile, build.Text("target"), Args(build));
    }

    private static Dictionary<string, string> Args(MapReader build)
    {
        var args = new Dictionary<string, string>(StringComparer.Ordinal);
        if (build.Node("args") is YamlMap map)
        {
            foreach (var entry in map.Entries)
            {
                if (Values.Text(entry.Value, build.Bag) is { } value) args[entry.Key.Value] = value;
            }
            return args;
        }
        foreach (var item in build.List("args", "args: [\"KEY=value\"]"))
        {
            if (Values.Text(item, build.Bag) is not { } text) continue;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) build.Bag.Error(item, $"\"{text}\" is not a build argument. Write KEY=value.");
            else args[text[..equals]] = text[(equals + 1)..];
        }
        return args;
    }
}
