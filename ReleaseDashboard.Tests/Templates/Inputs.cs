using System.Text;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>Desired states of the application <c>shop</c> in the environment <c>ted1bc4</c>.</summary>
internal static class Inputs
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public static DesiredInput Input(string template, string variables = "", string commit = Commit, string digest = "sha256:1", params (string Path, string Content)[] files)
    {
        var parsed = Examples.Template(template);
        return new DesiredInput(
            new EnvironmentScope("ted1bc4", "shop", 7, 9, 1, commit),
            EnvironmentKind.Ephemeral,
            "main",
            parsed,
            Examples.Variables(variables),
            12,
            [.. BuildSpecs.From(parsed, "shop").Select(s => new BuildImage(s.Service, s.Image, $"release/{s.Image}:build-12", $"{digest}-{s.Image}", 1))],
            "apps.localhost",
            "http",
            5080,
            files.ToDictionary(f => f.Path, f => Encoding.UTF8.GetBytes(f.Content)));
    }

    public static DesiredState State(DesiredInput input)
    {
        var built = DesiredStateBuilder.Build(input);
        Assert.True(built.Value is not null, string.Join('\n', built.Diagnostics));
        return built.Value;
    }

    public static DesiredState State(string template, string variables = "", string commit = Commit, string digest = "sha256:1") =>
        State(Input(template, variables, commit, digest));

    public static DesiredService Service(this DesiredState state, string name) => state.Services.Single(s => s.Name == name);
}
