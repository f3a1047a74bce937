using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>Against docker-compose on the same repository, both with a warm layer cache. Run by <c>bench.sh</c>, not by <c>test.sh</c>.</summary>
public sealed class ComposeBenchmarks
{
    private const int Rounds = 5;

    [Fact(Explicit = true)]
    public async Task Deploy_AgainstDockerCompose()
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        var api = dashboard.Api;
        using var application = await TestApplication.CreateAsync(dashboard, Template());
        application.Write("worker.Dockerfile", $"FROM {TestImages.Busybox}\nCOPY worker.sh /worker.sh\nCMD [\"sh\", \"/worker.sh\"]\n");
        application.Write("worker.sh", "while true; do sleep 1; done\n");
        application.Write("www/index.html", "page 0\n");
        var port = DashboardProcess.FreePort();
        application.Write("docker-compose.yml", ComposeProject.File(port));
        await application.PushAsync("Bench");
        await using var compose = new ComposeProject(application.Folder, application.Name, port);

        // Warm the layer caches of both.
        await compose.UpUntilAsync("page 0");
        await compose.DownAsync();
        var first = await application.EnvironmentAsync();
        await api.SucceededAsync((await api.DeleteAsync($"/environments/{first}"))["id"].Text());

        List<double> setup = [], composeSetup = [];
        for (var round = 0; round < Rounds; round++)
        {
            composeSetup.Add(await compose.UpUntilAsync("page 0"));
            await compose.DownAsync();

            // A new commit with the same files: the images are built again, from the cache, as compose does.
            application.Write("README.md", $"round {round}\n");
            await application.PushAsync($"Round {round}");
            string? environment = null;
            setup.Add(await ComposeProject.TimeAsync(async () =>
            {
                (environment, var deployment) = await application.StartEnvironmentAsync();
                var run = Eventually.GetAsync(async () => (await api.EnvironmentAsync(environment))["urls"]!.AsArray().FirstOrDefault()?["url"].Text(), "the environment has a URL");
                await Page.SeenAsync(await run, "page 0");
            }));
            await api.SucceededAsync((await api.GetAsync($"/deployments?environment={environment}"))["items"]![0]!["id"].Text());
            await api.SucceededAsync((await api.DeleteAsync($"/environments/{environment}"))["id"].Text());
        }

        BenchTable.Row("setup until the URL answers, warm cache", BenchTable.Median(setup), "s", BenchTable.Median(composeSetup), "docker-compose up -d --build", "≤ 0.8");

        var lasting = await application.EnvironmentAsync();
        var url = (await api.EnvironmentAsync(lasting))["urls"]![0]!["url"].Text();
        await compose.UpUntilAsync("page 0");
        List<double> patch = [], composePatch = [];
        int failed = 0, composeFailed = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            var page = $"page {round}";
            application.Write("www/index.html", page + "\n");
            composePatch.Add(await ComposeProject.TimeAsync(async () =>
            {
                var up = compose.UpAsync();
                composeFailed += await Page.SeenAsync(compose.Url, page);
                await up;
            }));
            patch.Add(await ComposeProject.TimeAsync(async () =>
            {
                var push = application.PushAsync(page);
                failed += await Page.SeenAsync(url, page);
                await push;
            }));
            await Eventually.TrueAsync(async () => (await api.EnvironmentAsync(lasting))["phase"].Text() == "ready", "the patch has ended");
        }

        BenchTable.Row("patch of one service: git push until the new page is seen", BenchTable.Median(patch), "s", BenchTable.Median(composePatch), "docker-compose up -d --build", "≤ 0.8");
        BenchTable.Row("requests failed during the patches", failed, "", composeFailed, "docker-compose", "0");

        List<double> nothing = [], composeNothing = [];
        for (var round = 0; round < Rounds; round++)
        {
            composeNothing.Add(await compose.UpAsync());
            nothing.Add(await ComposeProject.TimeAsync(async () => await api.SucceededAsync((await api.PostAsync($"/environments/{lasting}/deploy"))["id"].Text())));
        }

        BenchTable.Row("deploy without a change", BenchTable.Median(nothing), "s", BenchTable.Median(composeNothing), "docker-compose up -d --build", "≤ 0.3");
        await Leftovers.RemoveAsync(api);
    }

    private static string Template() => $$"""
        services:
        - name: web
          image: bench/web
          has_repo: true
          build: {context: .}
          command: [sh, -c]
          args: ["exec httpd -f -p 8080 -h /www"]
          ports: [{type: node_port, target_port: '8080', port: '8080'}]
          readiness_probe: {http_get: {path: /index.html, port: 8080}, period_seconds: 1, failure_threshold: 20}
        - name: worker
          image: bench/worker
          has_repo: true
          build: {context: ., dockerfile: worker.Dockerfile}
        - name: data
          image: {{TestImages.Busybox}}
          command: [sh, -c]
          args: ["while true; do sleep 1; done"]
          volumes: [{type: persistent, name: store, mount_path: /data}]
        workflows:
        - name: setup
          parallelize:
          - {step: data, tasks: [services.data]}
          - {step: services, tasks: [services.web, services.worker], halt_on_error: true}
        - name: patch
          parallelize:
          - {step: services, tasks: [services.web, services.worker], halt_on_error: true}
        """;
}
