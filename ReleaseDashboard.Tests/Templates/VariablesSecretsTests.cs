using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class VariablesSecretsTests
{
    private const string Stored = """
        # our variables
        mapping: { SHA: RELEASE_COMMIT_SHA }
        defaults:
        - key: A
          value: hidden-1   # why
          secret: true
        - key: B
          secret: true
          value: |
            hidden-2
            and more
        - { key: C, value: hidden-3, secret: true }
        - { key: D, secret: true, value: "hidden-4" }
        - value: hidden-5
          key: E
          secret: true
        - { key: OPEN, value: shown, secret: false }
        services:
          web:
          - { secret: true, key: A, value: hidden-6 }
        """;

    private const string Shown = """
        # our variables
        mapping: { SHA: RELEASE_COMMIT_SHA }
        defaults:
        - key: A
          secret: true
        - key: B
          secret: true
        - { key: C, secret: true }
        - { key: D, secret: true }
        - key: E
          secret: true
        - { key: OPEN, value: shown, secret: false }
        services:
          web:
          - { secret: true, key: A }
        """;

    [Fact]
    public void Hide_TakesTheValuesOutAndKeepsTheLayout() => Assert.Equal(Shown, VariablesSecrets.Hide(Stored));

    [Fact]
    public void MergeKept_WhatWasHidden_HasItsValuesAgain()
    {
        var merged = VariablesSecrets.MergeKept(Shown, Stored);

        var before = Examples.Variables(Stored);
        var after = Examples.Variables(merged);
        Assert.Equal(before.Defaults, after.Defaults);
        Assert.Equal(before.Services["web"], after.Services["web"]);
        Assert.Equal(Shown, VariablesSecrets.Hide(merged));
        Assert.Equal(["hidden-1", "hidden-2\nand more\n", "hidden-3", "hidden-4", "hidden-5", "hidden-6"], VariablesSecrets.Values(after));
        Assert.Empty(VariablesSecrets.Missing(merged));
    }

    [Fact]
    public void MergeKept_ANewValue_ReplacesTheStoredOne()
    {
        var merged = VariablesSecrets.MergeKept("envs:\n- { key: A, secret: true, value: new }\n- { key: C, secret: true, value: }\n- { key: F, secret: true }", Stored);

        Assert.Equal(["new", "hidden-3", null], Examples.Variables(merged).Defaults.Select(v => v.Value));
        var missing = Assert.Single(VariablesSecrets.Missing(merged));
        Assert.Equal((4, 3, "envs[2].value"), (missing.Line, missing.Column, missing.Path));
    }

    [Theory]
    [InlineData("quote \" and \\ backslash")]
    [InlineData("tab\t, line\nand\r\nmore")]
    [InlineData("# not a comment: 'x' ${Y} ✓ 🎉 \u0001\u00a0")]
    [InlineData("  leading")]
    [InlineData("true")]
    public void MergeKept_AnyValue_ComesBackAsItWas(string value)
    {
        var old = $"envs:\n- key: A\n  secret: true\n  value: {System.Text.Json.JsonSerializer.Serialize(value)}\n";
        var stored = Examples.Variables(old).Defaults[0].Value;

        Assert.Equal(value, stored);
        Assert.Equal(value, Examples.Variables(VariablesSecrets.MergeKept(VariablesSecrets.Hide(old), old)).Defaults[0].Value);
    }

    [Theory]
    [InlineData("x: &s hidden\nenvs:\n- { key: A, secret: true, value: *s }")]
    [InlineData("envs:\n- &a { key: A, secret: true, value: hidden }\n- { <<: *a, key: B }")]
    [InlineData("envs: &e\n- { key: A, secret: true, value: hidden }\nservices: { web: *e }")]
    [InlineData("envs: [{ key: A, secret: true, value: hidden")]
    [InlineData("envs:\n- key: A\n  value: hidden\n  secret: yes\n")]
    [InlineData("envs:\n- { key: A, secret: \"true\", value: hidden }\n")]
    public void Hide_UnusualText_NeverShowsTheValueOfAnEntry(string yaml)
    {
        var hidden = VariablesSecrets.Hide(yaml);

        Assert.DoesNotContain("value: hidden", hidden, StringComparison.Ordinal);
        Assert.All(VariablesParser.Parse(hidden).Value?.Defaults ?? [], v => Assert.Null(v.Value));
    }
}
