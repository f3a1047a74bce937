namespace ReleaseDashboard.Core.Runs;

/// <summary>What a repository that is still empty starts with: one service, built from the Dockerfile that will stand at its root.</summary>
internal static class StarterTemplate
{
    public static string For(string application) =>
        $$"""
        # The repository has neither a template nor a Dockerfile yet: change this to what the application needs.
        services:
          - name: web
            image: {{application}}/web
            has_repo: true
            build:
              context: .
            ports:
              - type: node_port
                port: "8080"
                target_port: "8080"
        hostnames:
          - web: web-{{application}}-${env_id}.${domain}

        """;
}
