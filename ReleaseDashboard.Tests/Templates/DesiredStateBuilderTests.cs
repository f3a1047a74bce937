using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class DesiredStateBuilderTests
{
    private const string Shop = """
        resources: { cpu: { limits: 1, requests: 100m }, memory: { limits: 1Gi, requests: 100Mi }, replicas: 2 }
        shared_volumes: [{ name: media, size: 5Gi }]
        services:
        - name: web
          build: { context: . }
          ports: [{ type: node_port, port: 80, target_port: 8080 }]
          memory: { limits: 20Mi }
          volumes: [{ claim: media, mount_path: /media }]
          envs:
          - { key: GREETING, value: "hello from ${RELEASE_ENV_ID}" }
        - name: db
          image: postgres:14
          replicas: 1
          storage: { size: 1Gi }
          volumes: [{ type: persistent, name: data, mount_path: /var/lib }]
        jobs:
        - { name: migrate, from_services: web, command: [./migrate], envs: [{ key: STEP, value: "${GREETING}!" }] }
        - { name: hello, image: busybox }
        """;

    [Fact]
    public void Build_Services_AreResolved()
    {
        var state = Inputs.State(Shop);

        var web = state.Service("web");
        Assert.Equal(("release/shop/web:build-12", true, 2), (web.Image, web.Built, web.Replicas));
        Assert.Equal(("postgres:14", false, 1), (state.Service("db").Image, state.Service("db").Built, state.Service("db").Replicas));
        Assert.Equal(new ResourceTemplate(1, 0.1, 20L << 20, 20L << 20, null), web.Resources);
        Assert.Equal("hello from ted1bc4", web.Environment["GREETING"]);
        Assert.Equal([new DesiredVolume("media", 5L << 30), new DesiredVolume("db.data", 1L << 30)], state.Volumes);
        Assert.Equal([new DesiredRoute("web-shop-ted1bc4.apps.localhost", "web", 8080)], state.Routes);
        Assert.Equal(["services.db", "services.web"], state.Workflows.Single(w => w.Name == "setup").Steps.SelectMany(s => s.Tasks).Order());
    }

    [Fact]
    public void Build_JobFromService_HasItsImageVariablesAndVolumes()
    {
        var state = Inputs.State(Shop, "services: { web: [{ key: DATABASE_URL, value: pg }] }");

        var job = state.Jobs[0];
        Assert.Equal(("release/shop/web:build-12", true, 1200), (job.Image, job.Built, job.TimeoutSeconds));
        Assert.Equal(("pg", "hello from ted1bc4!"), (job.Environment["DATABASE_URL"], job.Environment["STEP"]));
        Assert.Equal("media", Assert.Single(job.Mounts).Volume);
        Assert.False(state.Jobs[1].Environment.ContainsKey("DATABASE_URL"));
        Assert.Equal(Inputs.Commit, state.Jobs[1].Environment["RELEASE_COMMIT_SHA"]);
    }

    [Fact]
    public void Build_PlatformVariables_AreAllThere()
    {
        var variables = Inputs.State(Shop).Service("db").Environment;

        Assert.Equal("0123456", variables["RELEASE_COMMIT_SHORT"]);
        Assert.Equal("web-shop-ted1bc4.apps.localhost", variables["WEB_INGRESS_HOST"]);
        Assert.Equal("http://web-shop-ted1bc4.apps.localhost:5080", variables["WEB_INGRESS_URL"]);
        Assert.Equal("sha256:1-shop/web", variables["WEB_REGISTRY_IMAGE_SHA"]);
        foreach (var name in (string[])["RELEASE_ACCOUNT_ID", "RELEASE_APP_NAME", "RELEASE_ENV_ID", "RELEASE_BRANCH_NAME", "RELEASE_BUILD_ID", "RELEASE_CLOUD_PROVIDER", "RELEASE_CLUSTER_REGION", "RELEASE_CONTEXT", "RELEASE_DOMAIN", "RELEASE_REGISTRY_PATH"])
            Assert.True(variables.ContainsKey(name), name);
    }

    [Fact]
    public void Build_Variables_LaterLayersWin()
    {
        var variables = Inputs.State(
            "services: [{ name: web, image: a, envs: [{ key: D, value: template }, { key: PATH, value: '${PATH}:/template' }] }]",
            """
            mapping: { A: RELEASE_ENV_ID, B: RELEASE_ENV_ID, C: RELEASE_ENV_ID, D: RELEASE_ENV_ID, URL: "x/${RELEASE_APP_NAME}/y" }
            defaults:
            - { key: B, value: default }
            - { key: C, value: default }
            - { key: D, value: default }
            - { key: FLAG, value: false }
            - { key: LIMIT, value: 25 }
            - { key: PATH, value: /bin }
            - { key: LITERAL, value: "$${NOT} $HOME" }
            services:
              web:
              - { key: C, value: service }
              - { key: D, value: service }
            """).Service("web").Environment;

        Assert.Equal(("ted1bc4", "default", "service", "template"), (variables["A"], variables["B"], variables["C"], variables["D"]));
        Assert.Equal(("x/shop/y", "false", "25", "/bin:/template", "${NOT} $HOME"), (variables["URL"], variables["FLAG"], variables["LIMIT"], variables["PATH"], variables["LITERAL"]));
    }

    [Theory]
    [InlineData("services: [{ name: web, image: a, envs: [{ key: A, value: '${NOPE}' }] }]", "", "services.web.envs.A", "${NOPE}")]
    [InlineData("services: [{ name: web, image: a, envs: [{ key: A, value: '${B}' }, { key: B, value: '${A}' }] }]", "", "services.web.envs.A", "defined by itself")]
    [InlineData("services: [{ name: web, image: a }]", "mapping: { A: WEB_INGRES_URL }", "mapping.A", "WEB_INGRES_URL")]
    [InlineData("services: [{ name: web, image: a }]", "defaults: [{ key: KEY, secret: true }]", "envs.KEY", "has no stored value")]
    [InlineData("services: [{ name: web, image: a, configmap: [{ repo_path: conf/a.ini, mount_path: /a.ini }] }]", "", "services.web.configmap", "conf/a.ini")]
    [InlineData("services: [{ name: web, image: a, ports: [{ type: node_port, port: 80 }] }]\nhostnames: [{ web: '${branch}.x' }]", "", "hostnames.web", "${branch}")]
    [InlineData("services: [{ name: web, image: a, ports: [{ type: node_port, port: 80 }] }]\nhostnames: [{ web: 'a_b.${domain}' }]", "", "hostnames.web", "not a hostname")]
    [InlineData("services: [{ name: web, image: a, ports: [{ type: node_port, port: 80 }] }]\nhostnames: [{ web: localhost }]", "", "hostnames.web", "not below the domain apps.localhost")]
    [InlineData("services: [{ name: web, image: a, ports: [{ type: node_port, port: 80 }] }]\nhostnames: [{ web: '${domain}' }]", "", "hostnames.web", "not below the domain apps.localhost")]
    [InlineData("services: [{ name: web, image: a, ports: [{ type: node_port, port: 80 }] }]\nhostnames: [{ web: 'evil${domain}' }]", "", "hostnames.web", "not below the domain apps.localhost")]
    [InlineData("parameters: [{ name: size }]\nservices: [{ name: web, image: a, envs: [{ key: A, value: '${parameters.size}' }] }]", "", "services.web.envs.A", "parameters.size")]
    public void Build_WhatCannotBeResolved_IsNamed(string template, string variables, string path, string part)
    {
        var built = DesiredStateBuilder.Build(Inputs.Input(template, variables));

        Assert.Null(built.Value);
        var problem = built.Diagnostics.First(d => !d.IsWarning);
        Assert.Equal(path, problem.Path);
        Assert.Contains(part, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ImageThatWasNotBuilt_IsNamed()
    {
        var built = DesiredStateBuilder.Build(Inputs.Input("services: [{ name: web, build: {} }]") with { Images = [] });

        Assert.Null(built.Value);
        Assert.Contains("shop/web", Assert.Single(built.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ParameterAndFile_AreUsed()
    {
        var input = Inputs.Input(
            "parameters: [{ name: size, default: s }, { name: note, optional: true }]\nservices: [{ name: web, image: a, envs: [{ key: A, value: '${parameters.size}/${parameters.note}' }], configmap: [{ repo_path: ./conf/a.ini, mount_path: /a.ini }] }]",
            files: ("conf/a.ini", "x"));
        Assert.Equal(["conf/a.ini"], DesiredStateBuilder.FilesNeeded(input.Template));

        Assert.Equal("s/", Inputs.State(input).Services[0].Environment["A"]);
        Assert.Equal("big/", Inputs.State(input with { Parameters = new Dictionary<string, string> { ["size"] = "big" } }).Services[0].Environment["A"]);
        Assert.Equal("/a.ini", Assert.Single(Inputs.State(input).Services[0].Files).MountPath);
    }

    [Fact]
    public void Build_Hostnames_AreLowerCaseAndFitIntoALabel()
    {
        var name = new string('a', 60);
        var state = Inputs.State($$"""
            services:
            - { name: {{name}}, image: a, ports: [{ type: node_port, port: 80 }] }
            - { name: web, image: a, ports: [{ type: node_port, port: 80 }] }
            - { name: inner, image: a, ports: [{ type: container_port, port: 80 }] }
            hostnames:
            - web: Front-${env_id}.${domain}
            - web: shop.apps.localhost
            """);

        Assert.Equal(["front-ted1bc4.apps.localhost", "shop.apps.localhost"], state.Routes.Where(r => r.Service == "web").Select(r => r.Hostname));
        Assert.Equal(63, state.Routes[0].Hostname.IndexOf('.', StringComparison.Ordinal));
        Assert.DoesNotContain(state.Routes, r => r.Service == "inner");
    }
}
