using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Yaml;

namespace ReleaseDashboard.Core.Templates.Reading;

/// <summary><c>services[].readiness_probe</c>.</summary>
internal static class ProbeReader
{
    private static readonly string[] Kinds = ["exec", "http_get", "tcp_socket"];

    public static ProbeTemplate? Read(MapReader service, IReadOnlyList<PortTemplate> ports)
    {
        if (service.Section("readiness_probe") is not { } probe) return null;
        var exec = Exec(probe);
        var (path, httpPort) = Http(probe, ports);
        var tcp = Tcp(probe, ports);
        var result = new ProbeTemplate(
            exec, path, httpPort, tcp,
            probe.Number("period_seconds", 0.1, 3600) ?? 1,
            probe.Number("timeout_seconds", 0.1, 3600) ?? 5,
            probe.Whole("failure_threshold", 1, 10_000) ?? 60,
            probe.Number("initial_delay_seconds", 0, 3600) ?? 0);
        probe.NotYet("success_threshold");
        probe.Finish("a readiness probe", closed: false);

        var kinds = Kinds.Count(k => probe.Node(k) is not null);
        if (kinds == 1) return result;
        probe.Bag.Error(probe.Map, kinds == 0
            ? "A readiness probe needs one of exec, http_get and tcp_socket."
            : "A readiness probe has only one of exec, http_get and tcp_socket.");
        return null;
    }

    private static IReadOnlyList<string>? Exec(MapReader probe)
    {
        if (probe.Section("exec") is not { } exec) return null;
        var command = exec.Texts("command", "command: [pg_isready, -U, postgres]");
        exec.Finish("exec", closed: false);
        if (command.Count == 0 && exec.Node("command") is null or YamlList { Items.Count: 0 })
            exec.Bag.Missing(exec.Map, "command", "The key \"command\" is missing. Write command: [program, argument].");
        return command;
    }

    private static (string? Path, int? Port) Http(MapReader probe, IReadOnlyList<PortTemplate> ports)
    {
        if (probe.Section("http_get") is not { } http) return (null, null);
        var path = http.Text("path") ?? "/";
        if (!path.StartsWith('/')) http.Bag.Error(http.At("path")!, $"The path \"{path}\" must begin with \"/\".", "/" + path);
        var port = Port(http, ports);
        http.NotYet("scheme", "host", "http_headers");
        http.Finish("http_get", closed: false);
        return (path, port);
    }

    private static int? Tcp(MapReader probe, IReadOnlyList<PortTemplate> ports)
    {
        if (probe.Section("tcp_socket") is not { } tcp) return null;
        var port = Port(tcp, ports);
        tcp.Finish("tcp_socket", closed: false);
        return port;
    }

    private static int? Port(MapReader section, IReadOnlyList<PortTemplate> ports)
    {
        if (section.Node("port") is not null) return section.Whole("port", 1, 65535);
        section.Silent("port");
        if (ports.Count > 0) return ports[0].TargetPort;
        section.Bag.Missing(section.Map, "port", "The key \"port\" is missing, and the service has no ports to take it from.");
        return null;
    }
}
