using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class EnvironmentTemplateMergeTests
{
    private const string Template = """
        # the shop
        auto_deploy: true # yes

        # kinds
        environment_templates:
        - name: ephemeral
        - name: permanent
          auto_deploy: false
          resources: { replicas: 2 }
          services:
          - name: web
            memory: { limits: 2Gi }
          - { name: extra, image: busybox }
          hostnames:
          - web: shop.${domain}
          jobs: []

        # sizes
        resources:
          cpu: { limits: 500m } # half
          replicas: 1
        # what runs
        services:
        - name: web
          image: nginx   # stock
          ports: [{ type: node_port, port: '80' }]
        - { name: db, image: postgres }
        hostnames:
        - web: web-${env_id}.${domain}
        jobs: [{ name: seed, image: busybox }]
        """;

    [Fact]
    public void Merge_KindWithoutOverrides_KeepsTheTextButTheSection()
    {
        var merged = EnvironmentTemplateMerge.Merge(Template, EnvironmentKind.Ephemeral).Value!;

        Assert.StartsWith("# the shop\nauto_deploy: true # yes\n\n# kinds\n\n# sizes\nresources:\n  cpu: { limits: 500m } # half\n", merged, StringComparison.Ordinal);
        Assert.DoesNotContain("environment_templates", merged, StringComparison.Ordinal);
        Assert.Contains("image: nginx   # stock", merged, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_KindWithOverrides_HasThem()
    {
        var text = EnvironmentTemplateMerge.Merge(Template, EnvironmentKind.Permanent).Value!;
        var merged = Examples.Template(text);

        Assert.False(merged.AutoDeploy);
        Assert.Equal((0.5, 2), (merged.Resources.CpuLimit, merged.Resources.Replicas));
        Assert.Equal(["web", "db", "extra"], merged.Services.Select(s => s.Name));
        Assert.Equal(("nginx", 2L << 30, 80), (merged.Services[0].Image, merged.Services[0].Resources.MemoryLimit, merged.Services[0].Ports[0].Port));
        Assert.Equal("shop.${domain}", Assert.Single(merged.Hostnames).Template);
        Assert.Empty(merged.Jobs);
        Assert.Contains("# what runs", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_KindTheApplicationDoesNotHave_IsRefused()
    {
        var merged = EnvironmentTemplateMerge.Merge("environment_templates:\n- name: ephemeral", EnvironmentKind.Permanent);

        Assert.Null(merged.Value);
        Assert.Contains("permanent", Assert.Single(merged.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_WorkflowInTheOtherForm_TakesItsPlace()
    {
        var text = EnvironmentTemplateMerge.Merge("""
            services: [{ name: web, image: a }]
            workflows:
            - name: setup
              order_from: [services.all]
            environment_templates:
            - name: permanent
              workflows:
              - name: setup
                parallelize: [{ step: only, tasks: [services.web] }]
            """, EnvironmentKind.Permanent).Value!;

        Assert.Equal("only", Assert.Single(Examples.Template(text).FindWorkflow("setup")!.Steps).Name);
    }

    [Theory]
    [InlineData("{ services: [{ name: web, image: a }], environment_templates: [{ name: permanent, auto_deploy: false }] }")]
    [InlineData("environment_templates:\n- &p { name: permanent, resources: &r { replicas: 2 } }\nservices:\n- { name: web, image: a, resources: *r }")]
    public void Merge_TextThatCannotBeCutApart_IsWrittenAnew(string template)
    {
        var merged = EnvironmentTemplateMerge.Merge(template, EnvironmentKind.Permanent);

        Assert.Equal("web", Assert.Single(Examples.Template(merged.Value!).Services).Name);
    }

    [Theory]
    [InlineData("# x\ndefaults:\n- { key: defaults, value: a }\n", "# x\nenvs:\n- { key: defaults, value: a }\n")]
    [InlineData("envs: []\n", "envs: []\n")]
    [InlineData("", "")]
    public void Variables_OfAnEnvironment_CallDefaultsEnvs(string before, string after) => Assert.Equal(after, EnvironmentTemplateMerge.Variables(before));
}
