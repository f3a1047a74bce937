using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class VariableReferencesTests
{
    private const string Template = """
        parameters:
          - name: color
        services:
          - name: web
            image: nginx:1
            ports:
              - { type: node_port, port: "80", target_port: "80" }
            envs:
              - { key: OWN, value: "${SHARED}" }
        jobs:
          - name: migrate
            image: nginx:1
            envs:
              - { key: STEP, value: "${SHARED}" }
        workflows:
          - name: setup
            order_from: [services.all]
        """;

    private const string Variables = """
        mapping:
          SHA: RELEASE_COMMIT_SHA
        defaults:
          - { key: SHARED, value: "${SHA} ${WEB_INGRESS_URL} ${RELEASE_ENV_ID} ${parameters.color} $${LITERAL} $HOME" }
        services:
          web:
            - key: MORE
              value: "${SHARED} ${OWN}"
        """;

    [Fact]
    public void Check_NamesThatAreKnown_FindsNothing()
    {
        var found = VariableReferences.Check(Template, Variables);
        Assert.Empty(found.Template);
        Assert.Empty(found.Variables);
    }

    [Theory]
    [InlineData("SHA: RELEASE_COMMIT_SHA", "SHA: RELEASE_COMIT_SHA", 2, 8, "Did you mean ${RELEASE_COMMIT_SHA}?")]
    [InlineData("${SHA}", "${NOPE}", 4, 27, "${NOPE} names a variable that does not exist.")]
    [InlineData("${parameters.color}", "${parameters.size}", 4, 27, "${parameters.size} names a parameter")]
    [InlineData("\"${SHARED} ${OWN}\"", "${NOPE}", 8, 14, "${NOPE}")]
    [InlineData("${SHA} ", "${SHARED} ", 4, 27, "${SHARED}")]
    public void Check_UnknownNameInTheVariables_StandsAtItsValue(string written, string instead, int line, int column, string message)
    {
        var found = VariableReferences.Check(Template, Variables.Replace(written, instead, StringComparison.Ordinal));
        Assert.Empty(found.Template);
        var problem = Assert.Single(found.Variables);
        Assert.Equal((line, column, false), (problem.Line, problem.Column, problem.IsWarning));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OWN, value: \"${SHARED}\"", "OWN, value: \"${NOPE}\"", 9)]
    [InlineData("STEP, value: \"${SHARED}\"", "STEP, value: \"${OWN}\"", 14)]
    public void Check_UnknownNameInTheTemplate_StandsAtItsValue(string written, string instead, int line)
    {
        var found = VariableReferences.Check(Template.Replace(written, instead, StringComparison.Ordinal), Variables);
        Assert.Empty(found.Variables);
        Assert.Equal(line, Assert.Single(found.Template).Line);
    }

    [Fact]
    public void Check_NameThatOneKindOfEnvironmentDoesNotHave_IsFound()
    {
        var kinds = Template + """

            environment_templates:
              - name: permanent
              - name: ephemeral
                services: []
            """;
        Assert.Equal(4, Assert.Single(VariableReferences.Check(kinds, Variables).Variables).Line);
    }
}
