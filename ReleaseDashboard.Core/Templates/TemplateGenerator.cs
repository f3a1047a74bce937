using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Writes the first template of a repository that has none.</summary>
public static partial class TemplateGenerator
{
    /// <summary>One service <c>web</c>, built from the Dockerfile; the first TCP port of its last stage's EXPOSE gets a hostname, the others stay inside.</summary>
    /// <param name="application">Name of the application.</param>
    /// <param name="dockerfile">The Dockerfile's text.</param>
    /// <param name="path">Where it stands in the repository; its directory is the build's context.</param>
    public static string FromDockerfile(string application, string dockerfile, string path = "Dockerfile")
    {
        var slash = path.LastIndexOf('/');
        var context = slash < 0 ? "." : path[..slash];
        var file = path[(slash + 1)..];
        var ports = ExposedPorts(dockerfile);
        var portLines = ports.Select((port, i) => i == 0
            ? $"  - {{ type: node_port, target_port: '{port}', port: '{port}' }}\n"
            : $"  - {{ type: container_port, port: '{port}' }}\n");
        return $$"""
            # Made from {{path}}. Every key: docs/template-reference.md
            auto_deploy: true
            environment_templates:
            - name: ephemeral
            - name: permanent
            resources:
              cpu: { limits: 1000m, requests: 100m }
              memory: { limits: 1Gi, requests: 100Mi }
              replicas: 1
            {{(ports.Count == 0 ? "" : "hostnames:\n- web: web-" + application.ToLowerInvariant() + "-${env_id}.${domain}\n")}}services:
            - name: web
              image: {{application.ToLowerInvariant()}}/web
              has_repo: true
              build: { context: {{Quoted(context)}}, dockerfile: {{Quoted(file)}} }
            {{(ports.Count == 0 ? "" : "  ports:\n" + string.Concat(portLines))}}workflows:
            - name: setup
              parallelize:
              - step: services-0
                tasks: [services.web]
                halt_on_error: true
            - name: patch
              parallelize:
              - step: services-0
                tasks: [services.web]
                halt_on_error: true
            - name: teardown
              parallelize:
              - step: remove-environment
                tasks: [release.remove_environment]

            """;
    }

    /// <summary>TCP ports of the last stage, with <c>$NAME</c> taken from ARG and ENV where the text says it.</summary>
    internal static IReadOnlyList<int> ExposedPorts(string dockerfile)
    {
        var ports = new List<int>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Continuation().Replace(dockerfile, " ").Split('\n'))
        {
            if (Instruction().Match(line) is not { Success: true } instruction) continue;
            var rest = instruction.Groups[2].Value.Trim();
            switch (instruction.Groups[1].Value.ToUpperInvariant())
            {
                case "FROM":
                    ports.Clear();
                    break;
                case "ARG" or "ENV":
                    foreach (Match pair in Assignment().Matches(rest)) values[pair.Groups[1].Value] = pair.Groups[2].Value.Trim('"', '\'');
                    break;
                case "EXPOSE":
                    foreach (var word in rest.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (word.EndsWith("/udp", StringComparison.OrdinalIgnoreCase)) continue;
                        var text = Reference().Replace(word.Split('/')[0], m => values.GetValueOrDefault(m.Groups[1].Value, ""));
                        if (int.TryParse(text.Split('-')[0], out var port) && port is > 0 and <= 65535 && !ports.Contains(port)) ports.Add(port);
                    }
                    break;
            }
        }
        return ports;
    }

    private static string Quoted(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\\[ \t]*\r?\n")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^\s*([A-Za-z]+)\s+(.+)$")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"([A-Za-z_]\w*)[= ]\s*(""[^""]*""|'[^']*'|\S+)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z0-9_./-]+$")]
    private static partial Regex Plain();
}
