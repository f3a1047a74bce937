using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class TemplateParserTests
{
    [Fact]
    public void Parse_GeneratedTemplate_ReadsEverySection()
    {
        var parsed = TemplateParser.Parse(Examples.Generated);

        Assert.Empty(parsed.Diagnostics);
        var template = parsed.Value!;
        Assert.Equal(["db", "cache", "vote", "result", "worker"], template.Services.Select(s => s.Name));
        Assert.Equal(["setup", "patch", "teardown"], template.Workflows.Select(w => w.Name));
        Assert.Equal("apps.example.test", template.Domain);
        Assert.Equal(new ResourceTemplate(1, 0.1, 1L << 30, 100L << 20, 1), template.Resources);

        var db = template.Services[0];
        Assert.Equal(["pg_isready", "-U", "postgres"], db.ReadinessProbe!.Exec!);
        Assert.Equal((5d, 3d, 10, 0d), (db.ReadinessProbe.PeriodSeconds, db.ReadinessProbe.TimeoutSeconds, db.ReadinessProbe.FailureThreshold, db.ReadinessProbe.InitialDelaySeconds));
        Assert.Equal([new PortTemplate(false, 5432, 5432)], db.Ports);

        var result = template.Services[3];
        Assert.Equal([new PortTemplate(true, 5001, 80)], result.Ports);
        Assert.Equal(("result", "dev", "production"), (result.Build!.Context, result.Build.Target, result.Build.Args["NODE_ENV"]));
        Assert.Equal(("result", 600), (template.Jobs[0].FromService, template.Jobs[0].CompletedTimeoutSeconds));
        Assert.True(template.FindWorkflow("setup")!.Steps[1].HaltOnError);
        Assert.True(template.FindWorkflow("setup")!.Steps[1].WaitForFinish);
    }

    [Fact]
    public void Parse_LargeTemplate_WarnsOfWhatHasNoEffectYetAndReadsTheRest()
    {
        var parsed = TemplateParser.Parse(Examples.Large);

        Assert.All(parsed.Diagnostics, d => Assert.True(d.IsWarning, d.Message));
        Assert.Contains(parsed.Diagnostics, d => d.Path == "app_imports" && d.Line == 8 && d.Message.Contains("no effect yet", StringComparison.Ordinal));
        Assert.Contains(parsed.Diagnostics, d => d.Path == "workflows[0].parallelize[0].tasks[0]");
        var template = parsed.Value!;
        Assert.Equal(["pg", "api", "tools"], template.Services.Select(s => s.Name));
        Assert.Equal(["data", "ensure", "migrate", "backends"], template.FindWorkflow("setup")!.Steps.Select(s => s.Name));
        Assert.Equal(["jobs.snapshot", "release.remove_environment"], template.FindWorkflow("teardown")!.Steps.SelectMany(s => s.Tasks));
        var api = template.Services[1];
        Assert.Equal([new MountTemplate("models", "/models", null), new MountTemplate("shm", "/dev/shm", 1L << 30)], api.Volumes);
        Assert.Equal([new ConfigFileTemplate("api-conf", "conf/api.toml", "/etc/api.toml")], api.ConfigFiles);
        Assert.Equal("small", template.Parameters.Single().Default);
    }

    [Fact]
    public void Parse_WithoutWorkflows_GeneratesThemByDependency()
    {
        var template = Examples.Template("""
            services:
            - { name: stock, image: postgres }
            - { name: flags, image: a/flags, build: {}, depends_on: [stock] }
            - { name: web, image: a/web, has_repo: true, depends_on: [flags] }
            - { name: alone, image: redis }
            """);

        Assert.Equal(
            ["services-0: services.stock services.alone", "services-1: services.flags", "services-2: services.web"],
            template.FindWorkflow("setup")!.Steps.Select(s => $"{s.Name}: {string.Join(' ', s.Tasks)}"));
        Assert.Equal(
            ["services-0: services.flags", "services-1: services.web"],
            template.FindWorkflow("patch")!.Steps.Select(s => $"{s.Name}: {string.Join(' ', s.Tasks)}"));
        Assert.Equal(["release.remove_environment"], template.FindWorkflow("teardown")!.Steps.Single().Tasks);
        Assert.True(template.Services[1].HasRepo);
    }

    [Fact]
    public void Parse_OrderFrom_IsOneStepForEachTask()
    {
        var template = Examples.Template("""
            services: [{ name: web, image: nginx }]
            jobs: [{ name: seed, image: busybox }]
            workflows:
            - { name: setup, order_from: [services.all, jobs.seed] }
            """);

        Assert.Equal(
            [("services.all", true), ("jobs.seed", true)],
            template.FindWorkflow("setup")!.Steps.Select(s => (Assert.Single(s.Tasks), s.HaltOnError)));
    }

    [Fact]
    public void Parse_TeardownWithoutRemoval_EndsWithItAllTheSame()
    {
        var parsed = TemplateParser.Parse("""
            jobs: [{ name: drop, image: busybox }]
            workflows:
            - name: teardown
              parallelize: [{ step: drop, tasks: [jobs.drop] }]
            """);

        Assert.Equal(["jobs.drop", "release.remove_environment"], parsed.Value!.FindWorkflow("teardown")!.Steps.SelectMany(s => s.Tasks));
        Assert.True(Assert.Single(parsed.Diagnostics).IsWarning);
    }

    [Fact]
    public void Parse_OwnVolumesOfTwoServices_AreTwoVolumes()
    {
        var template = Examples.Template("""
            services:
            - { name: a, image: x, storage: { size: 1Gi }, volumes: [{ type: persistent, name: data, mount_path: /data }] }
            - { name: b, image: x, volumes: [{ type: persistent, name: data, mount_path: /data }] }
            """);

        Assert.Equal(["a.data", "b.data"], template.Services.Select(s => Assert.Single(s.Volumes).Volume));
        Assert.Equal(1L << 30, template.Services[0].StorageBytes);
    }

    [Fact]
    public void Parse_NamesThatReadAlikeTogether_AreTwoVolumes()
    {
        var template = Examples.Template("""
            services:
            - { name: app, image: x, volumes: [{ type: persistent, name: web-data, mount_path: /data }] }
            - { name: app-web, image: x, volumes: [{ type: persistent, name: data, mount_path: /data }] }
            """);

        Assert.Equal(["app.web-data", "app-web.data"], template.Services.Select(s => Assert.Single(s.Volumes).Volume));
    }
}
