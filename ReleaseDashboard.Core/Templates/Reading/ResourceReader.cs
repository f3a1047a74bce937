using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>cpu</c>, <c>memory</c> and <c>replicas</c>, at the top, in a service and in a job.</summary>
internal static class ResourceReader
{
    public static ResourceTemplate Top(MapReader root)
    {
        if (root.Section("resources") is not { } section) return ResourceTemplate.None;
        var resources = Inline(section) with { Replicas = Replicas(section) };
        section.Finish("resources");
        return resources;
    }

    /// <summary>The keys <c>cpu</c> and <c>memory</c>, or the same inside <c>resources</c>; replicas are not read.</summary>
    public static ResourceTemplate Own(MapReader owner)
    {
        var direct = Inline(owner);
        if (owner.Section("resources") is not { } section) return direct;
        var nested = Inline(section) with { Replicas = Replicas(section) };
        section.Finish("resources");
        return new ResourceTemplate(
            direct.CpuLimit ?? nested.CpuLimit,
            direct.CpuRequest ?? nested.CpuRequest,
            direct.MemoryLimit ?? nested.MemoryLimit,
            direct.MemoryRequest ?? nested.MemoryRequest,
            nested.Replicas);
    }

    public static int? Replicas(MapReader owner)
    {
        if (owner.Node("replicas") is not YamlMap scaling) return owner.Whole("replicas", 0, 100);
        owner.Bag.Warning(scaling, "Automatic scaling is accepted, but it has no effect yet. Write a number of replicas.");
        return null;
    }

    private static ResourceTemplate Inline(MapReader owner)
    {
        var (cpuLimit, cpuRequest) = Pair(owner, "cpu", Quantity.Cores, "an amount of CPU such as 500m or 2");
        var (memoryLimit, memoryRequest) = Pair(owner, "memory", t => Quantity.Bytes(t), "an amount of memory such as 100Mi or 1Gi");
        return new ResourceTemplate(cpuLimit, cpuRequest, (long?)memoryLimit, (long?)memoryRequest, null);
    }

    private static (double? Limit, double? Request) Pair(MapReader owner, string key, Func<string, double?> read, string what)
    {
        if (owner.Section(key) is not { } section) return (null, null);
        var limit = Amount(section, "limits", read, what);
        var request = Amount(section, "requests", read, what);
        if (limit < request) section.Bag.Error(section.At("requests")!, $"The {key} requested is more than its limit.");
        section.Finish(key, closed: false);
        return (limit, request);
    }

    private static double? Amount(MapReader section, string key, Func<string, double?> read, string what)
    {
        if (section.Node(key) is not { } node || Values.Text(node, section.Bag) is not { } text) return null;
        if (read(text) is { } value and > 0) return value;
        section.Bag.Error(node, $"\"{text}\" is not {what}.");
        return null;
    }
}
