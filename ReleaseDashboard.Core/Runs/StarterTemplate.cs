using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Runs;

/// <summary>What a repository without a template starts with: one service, built from the Dockerfile at its root, on the port it exposes.</summary>
internal static partial class StarterTemplate
{
    private const int UsualPort = 8080;

    public static string For(string application, string? dockerfile)
    {
        var port = Port(dockerfile ?? "");
        var reason = dockerfile is null ? "The repository has no template yet" : "Made from the repository's Dockerfile";
        return $$"""
            # {{reason}}: change it to what the application needs.
            services:
              - name: web
                image: {{application}}/web
                has_repo: true
                build:
                  context: .
                ports:
                  - type: node_port
                    port: "{{port}}"
                    target_port: "{{port}}"
            hostnames:
              - web: web-{{application}}-${env_id}.${domain}

            """;
    }

    private static int Port(string dockerfile) =>
        dockerfile.Split('\n').Select(line => Expose().Match(line)).FirstOrDefault(m => m.Success) is { } found && int.TryParse(found.Groups[1].Value, out var port) && port is > 0 and < 65536
            ? port
            : UsualPort;

    [GeneratedRegex(@"^\s*EXPOSE\s+(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Expose();
}
