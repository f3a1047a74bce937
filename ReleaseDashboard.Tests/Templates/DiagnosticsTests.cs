using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>Each mistake is found at its place, with a sentence and, where there is one, what was meant.</summary>
public sealed class DiagnosticsTests
{
    public static TheoryData<string, int, int, string, string, string?> Mistakes => new()
    {
        { "servicez: []", 1, 1, "servicez", "is not a key of a template", "services" },
        { "xyzzy: 1", 1, 1, "xyzzy", "is not a key of a template", null },
        { "services:\n- name: web\n  image: nginx\n  imge: x", 4, 3, "services[0].imge", "Did you mean \"image\"?", "image" },
        { "services:\n- name: web\n  image: nginx\n  whatever: x", 4, 3, "services[0].whatever", "is not a key of a service", null },
        { "services:\n- name: api\n  image: x\n- name: web\n  image: y\njobs:\n\t- name: migrate", 7, 1, "", "indented with a tab", null },
        { "services:\n\t- name: web", 2, 1, "", "indented with a tab", null },
        { "services:\n- name: web\n\timage: nginx", 3, 1, "", "indented with a tab", null },
        { "services:\n  - name: web\n  \timage: nginx", 3, 3, "", "indented with a tab", null },
        { "services: {}\nservices: []", 2, 1, "services", "a second time", null },
        { "services:\n- name: web\n  image: a\n  image: b", 4, 3, "services[0].image", "a second time", null },
        { "services: web", 1, 11, "services", "must be a list", null },
        { "services:\n- web", 2, 3, "services[0]", "must be a mapping", null },
        { "- a", 1, 1, "", "must be a mapping", null },
        { "", 1, 1, "", "is empty", null },
        { "a: [", 1, 5, "", "", null },
        { "services:\n- image: nginx", 2, 3, "services[0].name", "\"name\" is missing", null },
        { "services:\n- name: web", 2, 3, "services[0].image", "neither an image nor a build", null },
        { "services:\n- { name: web, image: a }\n- { name: web, image: b }", 3, 11, "services[1].name", "already a service", null },
        { "services:\n- { name: Web Shop, image: a }", 2, 11, "services[0].name", "cannot be the name", "web-shop" },
        { "services:\n- name: web\n  image: a\n  ports: [{ type: nodeport, port: 80 }]", 4, 19, "services[0].ports[0].type", "not a type of port", "node_port" },
        { "services:\n- name: web\n  image: a\n  ports: [{ type: node_port, port: 80000 }]", 4, 36, "services[0].ports[0].port", "from 1 to 65535", null },
        { "services:\n- name: web\n  image: a\n  ports: [{ type: node_port }]", 4, 11, "services[0].ports[0].port", "\"port\" is missing", null },
        { "services:\n- name: web\n  image: a\n  replicas: two", 4, 13, "services[0].replicas", "not a whole number", null },
        { "services:\n- name: web\n  image: a\n  memory: { limits: 1Gx }", 4, 21, "services[0].memory.limits", "1Gx", null },
        { "services:\n- name: web\n  image: a\n  cpu: { limits: 100m, requests: 200m }", 4, 34, "services[0].cpu.requests", "more than its limit", null },
        { "services:\n- name: web\n  image: a\n  depends_on: [dc]\n- { name: db, image: b }", 4, 16, "services[0].depends_on[0]", "no service named \"dc\"", "db" },
        { "services:\n- { name: a, image: x, depends_on: [b] }\n- { name: b, image: x, depends_on: [a] }", 2, 1, "services", "circle: a → b → a", null },
        { "jobs:\n- { name: j, from_services: wbe }\nservices:\n- { name: web, image: a }", 2, 29, "jobs[0].from_services", "no service named", "web" },
        { "jobs:\n- { name: j }", 2, 3, "jobs[0]", "needs from_services", null },
        { "hostnames:\n- wep: x.y\nservices:\n- { name: web, image: a }", 2, 3, "hostnames[0].wep", "no service named", "web" },
        { "hostnames: { web: x }", 1, 12, "hostnames", "must be a list", null },
        { "services:\n- { name: web, image: a }\nworkflows:\n- { name: setup, order_from: [services.wed] }", 4, 31, "workflows[0].order_from[0]", "no service named", "web" },
        { "services:\n- { name: web, image: a }\nworkflows:\n- { name: setup, order_from: [service.web] }", 4, 31, "workflows[0].order_from[0]", "is not a task", "services.web" },
        { "workflows:\n- { name: setup, order_from: [release.remove_environment] }", 2, 31, "workflows[0].order_from[0]", "only stand in the workflow teardown", null },
        { "workflows:\n- { name: setup }", 2, 3, "workflows[0]", "needs parallelize", null },
        { "services:\n- { name: web, image: a }\nworkflows:\n- { name: x, order_from: [services.web], parallelize: [{ step: a, tasks: [services.web] }] }", 4, 55, "workflows[0].parallelize", "not both", null },
        { "services:\n- { name: web, image: a }\nworkflows:\n- name: x\n  parallelize:\n  - { step: a, tasks: [services.web], halt_on_eror: true }", 6, 39, "workflows[0].parallelize[0].halt_on_eror", "Did you mean \"halt_on_error\"?", "halt_on_error" },
        { "environment_templates:\n- name: temporary", 2, 9, "environment_templates[0].name", "write ephemeral or permanent", null },
        { "services:\n- { name: web, image: a }\nenvironment_templates:\n- name: permanent\n  services: [{ name: web, replicas: many }]", 5, 37, "environment_templates[0].services[0].replicas", "not a whole number", null },
        { "services:\n- name: web\n  image: a\n  volumes: [{ claim: modles, mount_path: /m }]\nshared_volumes: [{ name: models }]", 4, 22, "services[0].volumes[0].claim", "no shared volume", "models" },
        { "services:\n- name: web\n  image: a\n  volumes: [{ type: persistent, name: d, mount_path: data }]", 4, 54, "services[0].volumes[0].mount_path", "absolute path", null },
        { "services:\n- name: web\n  image: a\n  readiness_probe: { period_seconds: 1 }", 4, 20, "services[0].readiness_probe", "needs one of", null },
        { "services:\n- name: web\n  build: { context: ../other }", 3, 21, "services[0].build.context", "inside the repository", null },
        { "services:\n- name: web\n  image: a\n  envs: [{ key: A }]", 4, 10, "services[0].envs[0].value", "\"value\" is missing", null },
        { "services:\n- name: web\n  image: a\n  envs: [{ key: A, value: b, secret: true }]", 4, 38, "services[0].envs[0].secret", "Secrets belong in the variables, where they are encrypted", null },
        { "jobs:\n- name: j\n  image: a\n  envs: [{ key: A, secret: true }]", 4, 28, "jobs[0].envs[0].secret", "Secrets belong in the variables", null },
        { "a: &a [*a]", 1, 8, "", "never end", null },
        { "a: *nope", 1, 4, "", "does not exist", null },
        { "auto_deploy: maybe", 1, 14, "auto_deploy", "neither true nor false", null },
        { "domain: http://x", 1, 9, "domain", "not a domain name", null },
        { "a: 1\n---\nb: 2", 2, 1, "", "second document", null },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_Mistake_IsReportedAtItsPlace(string yaml, int line, int column, string path, string part, string? suggestion)
    {
        var parsed = TemplateParser.Parse(yaml);

        Assert.Null(parsed.Value);
        Assert.True(
            parsed.Diagnostics.Any(d => !d.IsWarning && (d.Line, d.Column, d.Path, d.Suggestion) == (line, column, path, suggestion) && d.Message.Contains(part, StringComparison.Ordinal)),
            string.Join('\n', parsed.Diagnostics));
    }

    [Fact]
    public void Parse_SeveralMistakes_AreAllReportedInOrder()
    {
        var parsed = TemplateParser.Parse("servicez: []\nservices:\n- name: web\n  image: a\n  replicas: x\n- name: api\n  imag: b");

        Assert.Equal([1, 5, 6, 7], parsed.Diagnostics.Select(d => d.Line));
    }

    [Theory]
    [InlineData("mode: development\napp: shop\ncontext: x\nrepo_name: a/b\ngit_fetch_depth: ~\napp_imports: []")]
    [InlineData("services:\n- name: web\n  image: a\n  static: false\n  volumes: []\n  ports: [{ type: node_port, port: '80', loadbalancer: false }]")]
    [InlineData("services:\n- name: web\n  image: a\n  command:\n  - sh\n  - -c\n  - |\n    if true; then\n    \techo a tab inside a text\n    fi")]
    public void Parse_HarmlessText_SaysNothing(string yaml) => Assert.Empty(TemplateParser.Parse(yaml).Diagnostics);

    [Fact]
    public void Parse_KeyInsideAPortThatIsNotNearAKnownOne_IsKeptWithAWarning()
    {
        var parsed = TemplateParser.Parse("services:\n- name: web\n  image: a\n  ports: [{ type: node_port, port: 80, annotations: x }]");

        Assert.NotNull(parsed.Value);
        Assert.True(Assert.Single(parsed.Diagnostics).IsWarning);
    }

    [Fact]
    public void Parse_AliasBomb_IsRefusedQuickly()
    {
        var lines = new List<string> { "a0: &a0 [x, x, x, x, x, x, x, x, x, x]" };
        for (var i = 1; i < 12; i++) lines.Add($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");

        var parsed = TemplateParser.Parse(string.Join('\n', lines));

        Assert.Contains("aliases", Assert.Single(parsed.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    [InlineData('?')]
    public void Parse_DeepNesting_IsRefused(char open)
    {
        var text = open is '-' or '?' ? string.Concat(Enumerable.Repeat($"{open} ", 5000)) : "a: " + new string(open, 500_000);

        Assert.Null(TemplateParser.Parse(text).Value);
    }

    [Fact]
    public void Parse_MoreThanOneMebibyte_IsRefused() =>
        Assert.Contains("1 MiB", Assert.Single(TemplateParser.Parse("a: " + new string('x', 1 << 20)).Diagnostics).Message, StringComparison.Ordinal);
}
