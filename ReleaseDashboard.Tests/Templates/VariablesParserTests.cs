using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class VariablesParserTests
{
    [Fact]
    public void Parse_EverySection_IsRead()
    {
        var variables = Examples.Variables("""
            ---
            mapping:
              COMMIT: RELEASE_COMMIT_SHA
              TRACES: "${COLLECTOR_INGRESS_URL}/v1/traces"
            defaults:
            - { key: LANG, value: en }
            - { key: FEATURE_X, value: false }
            - { key: discovery.type, value: 25 }
            - { key: EMPTY, value: }
            services:
              api:
              - { key: STRIPE_KEY, secret: true, value: "$secrets.rsm.stripe_key" }
              - { key: KEPT, secret: true }
              cache: []
            """);

        Assert.Equal("RELEASE_COMMIT_SHA", variables.Mapping["COMMIT"]);
        Assert.Equal([("LANG", "en"), ("FEATURE_X", "false"), ("discovery.type", "25"), ("EMPTY", "")], variables.Defaults.Select(v => (v.Key, v.Value)));
        Assert.Equal([new VariableEntry("STRIPE_KEY", "$secrets.rsm.stripe_key", true), new VariableEntry("KEPT", null, true)], variables.Services["api"]);
        Assert.Empty(variables.Services["cache"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("defaults: []")]
    [InlineData("envs:")]
    public void Parse_Nothing_IsEmpty(string yaml)
    {
        Assert.Empty(VariablesParser.Parse(yaml).Diagnostics);
        Assert.Empty(Examples.Variables(yaml).Defaults);
    }

    [Theory]
    [InlineData("default: []", 1, 1, "default", "Did you mean \"defaults\"?")]
    [InlineData("defaults: []\nenvs: []", 2, 7, "envs", "two names")]
    [InlineData("envs:\n- { key: A }", 2, 3, "envs[0].value", "\"value\" is missing")]
    [InlineData("envs:\n- { value: A }", 2, 3, "envs[0].key", "\"key\" is missing")]
    [InlineData("envs:\n- { key: A, value: [] }", 2, 20, "envs[0].value", "single value")]
    [InlineData("envs:\n- { key: A, value: 1 }\n- { key: A, value: 2 }", 3, 10, "envs[1].key", "second time")]
    [InlineData("envs:\n- { key: 'A B', value: 1 }", 2, 10, "envs[0].key", "cannot be the name")]
    [InlineData("envs:\n- { key: A, vlaue: 1 }", 2, 13, "envs[0].vlaue", "Did you mean \"value\"?")]
    [InlineData("services: []", 1, 11, "services", "must be a mapping")]
    [InlineData("services: { web: { A: b } }", 1, 18, "services.web", "must be a list")]
    [InlineData("mapping: { A: [b] }", 1, 15, "mapping.A", "single value")]
    [InlineData("mapping:\n\tA: b", 2, 1, "", "tab")]
    public void Parse_Mistake_IsReportedAtItsPlace(string yaml, int line, int column, string path, string part)
    {
        var parsed = VariablesParser.Parse(yaml);

        Assert.Null(parsed.Value);
        Assert.True(
            parsed.Diagnostics.Any(d => (d.Line, d.Column, d.Path) == (line, column, path) && d.Message.Contains(part, StringComparison.Ordinal)),
            string.Join('\n', parsed.Diagnostics));
    }
}
