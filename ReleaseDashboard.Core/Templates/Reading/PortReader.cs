using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>services[].ports[]</c>.</summary>
internal static class PortReader
{
    private static readonly string[] Types = ["node_port", "container_port"];

    public static IReadOnlyList<PortTemplate> Read(MapReader service)
    {
        var ports = new List<PortTemplate>();
        foreach (var entry in service.Entries("ports", "- { type: node_port, port: 8080 }"))
        {
            var isPublic = Public(entry);
            var port = entry.Whole("port", 1, 65535);
            var target = entry.Whole("target_port", 1, 65535);
            if (entry.Flag("loadbalancer") == true) entry.Bag.Warning(entry.At("loadbalancer")!, "\"loadbalancer\" is accepted, but it has no effect yet.");
            entry.Silent("name", "protocol");
            entry.Finish("a port", closed: false);

            if (entry.Node("port") is null && entry.Node("target_port") is null)
                entry.Bag.Missing(entry.Map, "port", "The key \"port\" is missing. Every port has a number.");
            if ((port ?? target) is not { } number) continue;
            if (ports.Any(p => p.Port == number)) entry.Bag.Error(entry.At("port") ?? entry.Map, $"Port {number} stands in this service a second time.");
            else ports.Add(new PortTemplate(isPublic, number, target ?? number));
        }
        return ports;
    }

    private static bool Public(MapReader entry)
    {
        if (entry.RequiredText("type", "It is node_port (reachable from outside) or container_port (inside the environment only).") is not { } type) return false;
        if (Types.Contains(type)) return type == "node_port";
        var nearest = Nearest.To(type, Types);
        entry.Bag.Error(entry.At("type")!, $"\"{type}\" is not a type of port: write node_port (reachable from outside) or container_port (inside the environment only).", nearest);
        return false;
    }
}
