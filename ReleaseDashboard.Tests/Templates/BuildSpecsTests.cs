using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates;
using Xunit;

namespace ReleaseDashboard.Tests.Templates;

public sealed class BuildSpecsTests
{
    [Fact]
    public void From_ServicesWithOneImage_ShareOneBuild()
    {
        var specs = BuildSpecs.From(Examples.Template("""
            builds: [{ name: tools, context: ./tools/, target: slim, args: ["A=b=c"] }, { name: spare, context: spare }]
            services:
            - { name: plugins, image: acme/hog/web, has_repo: true }
            - { name: web, image: acme/hog/web, build: { context: web } }
            - { name: tools, image: "acme/hog/tools:latest", has_repo: true }
            - { name: plain, has_repo: true }
            - { name: db, image: postgres }
            """), "hog");

        Assert.Equal(
            [("web", "acme/hog/web", "web", "web/Dockerfile"), ("tools", "acme/hog/tools", "tools", "tools/Dockerfile"), ("plain", "hog/plain", ".", "Dockerfile"), ("spare", "hog/spare", "spare", "spare/Dockerfile")],
            specs.Select(s => (s.Service, s.Image, s.Context, s.Dockerfile)));
        Assert.Equal(("slim", "b=c"), (specs[1].Target, specs[1].Args["A"]));
    }

    [Theory]
    [InlineData("context: terraform, dockerfile: Dockerfile", "terraform/Dockerfile|Dockerfile", "Dockerfile|")]
    [InlineData("context: ., dockerfile: ./src/x/Dockerfile", "src/x/Dockerfile", "src/x/Dockerfile")]
    [InlineData("context: web, dockerfile: web/Dockerfile.dev", "web/web/Dockerfile.dev|web/Dockerfile.dev", "web/Dockerfile.dev|Dockerfile.dev")]
    [InlineData("context: web, dockerfile: ../docker/web", "docker/web", "")]
    [InlineData("context: web", "web/Dockerfile", "Dockerfile")]
    public void DockerfileCandidates_AreBesideTheContextThenAtTheRoot(string build, string candidates, string inContext)
    {
        var spec = BuildSpecs.From(Examples.Template($"services: [{{ name: web, build: {{ {build} }} }}]"), "shop").Single();

        Assert.Equal(candidates.Split('|'), BuildPaths.DockerfileCandidates(spec));
        Assert.Equal(inContext.Split('|'), BuildPaths.DockerfileCandidates(spec).Select(c => BuildPaths.InContext(spec, c) ?? ""));
    }

    [Fact]
    public void Hash_DependsOnTheInstructionsAndNotOnTheirOrder()
    {
        var a = new BuildSpec("a", "x/a", ".", "Dockerfile", null, new Dictionary<string, string> { ["K"] = "1", ["L"] = "2" });
        var b = new BuildSpec("b", "x/b", ".", "Dockerfile", null, new Dictionary<string, string>());

        Assert.Equal(BuildSpecs.Hash([a, b]), BuildSpecs.Hash([b, a with { Args = new Dictionary<string, string> { ["L"] = "2", ["K"] = "1" } }]));
        Assert.NotEqual(BuildSpecs.Hash([a, b]), BuildSpecs.Hash([a, b with { Target = "dev" }]));
        Assert.NotEqual(BuildSpecs.Hash([a]), BuildSpecs.Hash([a with { Args = new Dictionary<string, string> { ["K"] = "2" } }]));
    }

    [Theory]
    [InlineData("FROM x\nEXPOSE 8080 9000/tcp 53/udp", "8080,9000")]
    [InlineData("FROM x AS build\nEXPOSE 1\nFROM y\nARG PORT=3000\nENV A=b PORT=\"4000\"\nexpose ${PORT} \\\n  81", "4000,81")]
    [InlineData("FROM x\n# EXPOSE 80\nEXPOSE $NOPE 99999", "")]
    public void FromDockerfile_IsATemplateWithItsPorts(string dockerfile, string ports)
    {
        var template = Examples.Template(TemplateGenerator.FromDockerfile("Shop", dockerfile, "deploy/it's/Dockerfile.prod"));

        var web = Assert.Single(template.Services);
        Assert.Equal(ports, string.Join(',', web.Ports.Select(p => p.TargetPort)));
        Assert.Equal(web.Ports.Count > 0 ? 1 : 0, web.Ports.Count(p => p.Public));
        Assert.Equal(web.Ports.Count > 0 ? 1 : 0, template.Hostnames.Count);
        Assert.Equal("deploy/it's/Dockerfile.prod", BuildSpecs.From(template, "Shop").Single().Dockerfile);
        Assert.Empty(TemplateParser.Parse(TemplateGenerator.FromDockerfile("shop", dockerfile)).Diagnostics);
    }
}
