using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>
/// A small application of a web service, a data service and a migration job, hosted by the dashboard under test, with the clone a developer has of it.
/// Every image comes from busybox, so a build takes a second and needs no network.
/// </summary>
internal sealed class TestApplication(DashboardProcess dashboard, string name) : IDisposable
{
    private readonly TemporaryFolder _clone = new();

    public string Name => name;
    public string Folder => _clone.Path;
    private string Remote => $"http://test:{DashboardProcess.Token}@localhost:{dashboard.Port}/git/{name}.git";

    /// <summary>Names are unique: all tests share one engine.</summary>
    public static string NewName() => $"t{Guid.NewGuid():N}"[..9];

    public static async Task<TestApplication> CreateAsync(DashboardProcess dashboard, string? template = null, string build = "")
    {
        await TestImages.BusyboxAsync();
        var application = new TestApplication(dashboard, NewName());
        await dashboard.Api.PostAsync("/applications", new { name = application.Name, trackingBranch = "main", template = template ?? Template(application.Name) });
        await Tool.GitAsync(application.Folder, "init", "-q", "-b", "main");
        await Tool.GitAsync(application.Folder, "remote", "add", "origin", application.Remote);
        application.Write("Dockerfile", $"FROM {TestImages.Busybox}\nCOPY nonce /nonce\n{build}\nCOPY www /www\n");
        application.Write("nonce", Guid.NewGuid().ToString());
        application.Write("www/index.html", "first page\n");
        await application.PushAsync("First page");
        return application;
    }

    public void Write(string file, string content)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>Commits everything and pushes it. Returns the commit.</summary>
    public async Task<string> PushAsync(string message)
    {
        await Tool.GitAsync(Folder, "add", "-A");
        await Tool.GitAsync(Folder, "commit", "-q", "-m", message);
        await Tool.GitAsync(Folder, "push", "-q", "origin", "HEAD:main");
        return await Tool.GitAsync(Folder, "rev-parse", "HEAD");
    }

    /// <summary>Creates an environment without waiting. Returns its id and the id of its first deployment.</summary>
    public async Task<(string Environment, string Deployment)> StartEnvironmentAsync()
    {
        var answer = await dashboard.Api.PostAsync($"/applications/{name}/environments", new { branch = "main", kind = "ephemeral" });
        return (answer["environment"]!["id"].Text(), answer["deployment"]!["id"].Text());
    }

    public async Task<string> EnvironmentAsync()
    {
        var (environment, deployment) = await StartEnvironmentAsync();
        await dashboard.Api.SucceededAsync(deployment);
        return environment;
    }

    public static string Template(string name, string job = "echo migrated", string web = "", string readiness = "http_get: {path: /index.html, port: 8080}", string extra = "") => $$"""
        services:
        - name: web
          image: test/{{name}}/web
          has_repo: true
          build: {context: .}
          command: [sh, -c]
          args: ["{{web}} echo $COMMIT > /www/commit; exec httpd -f -p 8080 -h /www"]
          envs:
          - {key: COMMIT, value: "${RELEASE_COMMIT_SHA}"}
          ports:
          - {type: node_port, target_port: '8080', port: '8080'}
          readiness_probe:
            {{readiness}}
            period_seconds: 1
            timeout_seconds: 2
            failure_threshold: 5
        - name: data
          image: {{TestImages.Busybox}}
          command: [sh, -c]
          args: ["date +%s%N > /data/born; while true; do sleep 1; done"]
          volumes:
          - {type: persistent, name: store, mount_path: /data}
        {{extra}}
        shared_volumes:
        - {name: shared, size: 1Gi, type: persistent}
        jobs:
        - name: migrate
          image: {{TestImages.Busybox}}
          command: [sh, -c]
          args: ["echo start >> /shared/starts; {{job}}"]
          volumes:
          - {claim: shared, mount_path: /shared}
        hostnames:
        - web: web-{{name}}-${env_id}.${domain}
        environment_templates:
        - name: ephemeral
        - name: permanent
        workflows:
        - name: setup
          parallelize:
          - {step: data, tasks: [services.data]}
          - {step: migrate, tasks: [jobs.migrate], halt_on_error: true}
          - {step: web, tasks: [services.web], halt_on_error: true}
        - name: patch
          parallelize:
          - {step: migrate, tasks: [jobs.migrate], halt_on_error: true}
          - {step: web, tasks: [services.web], halt_on_error: true}
        - name: teardown
          parallelize:
          - {step: remove, tasks: [release.remove_environment]}
        """;

    /// <summary>How often the migration job was really started in an environment: it leaves a line on a volume each time.</summary>
    public static async Task<int> JobStartsAsync(string environment) =>
        (await Tool.DockerAsync("run", "--rm", "-v", $"release-{environment}_shared:/shared", TestImages.Busybox, "cat", "/shared/starts")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    public void Dispose() => _clone.Dispose();
}
