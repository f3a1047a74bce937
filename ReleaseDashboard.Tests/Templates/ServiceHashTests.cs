using Xunit;

namespace ReleaseDashboard.Tests.Templates;

/// <summary>The hash changes exactly when an instance has to be replaced.</summary>
public sealed class ServiceHashTests
{
    private const string Other = "fedcba9876543210fedcba9876543210fedcba98";
    private const string Template = """
        services:
        - { name: web, build: {}, ports: [{ type: node_port, port: 80 }], replicas: 1 }
        - { name: db, image: postgres:14 }
        """;

    [Fact]
    public void Hash_SameInput_IsTheSame64Digits()
    {
        var hash = Inputs.State(Template).Service("web").Hash;

        Assert.Equal(hash, Inputs.State(Template).Service("web").Hash);
        Assert.Matches("^[0-9a-f]{64}$", hash);
    }

    [Theory]
    [InlineData("db", "", false)]
    [InlineData("db", "mapping: { SHA: RELEASE_COMMIT_SHA, IMAGE: WEB_REGISTRY_IMAGE_SHA }", false)]
    [InlineData("db", "defaults: [{ key: V, value: 'v-${RELEASE_COMMIT_SHORT}-${RELEASE_BUILD_ID}' }]", false)]
    [InlineData("web", "", false)]
    [InlineData("web", "mapping: { SHA: RELEASE_COMMIT_SHA }", true)]
    [InlineData("web", "defaults: [{ key: V, value: 'v-${RELEASE_COMMIT_SHORT}' }]", true)]
    [InlineData("web", "services: { db: [{ key: V, value: 'v-${RELEASE_COMMIT_SHORT}' }] }", false)]
    public void Hash_AnotherCommitWithTheSameImage_ChangesOnlyWhereItIsNamed(string service, string variables, bool changes)
    {
        var before = Inputs.State(Template, variables).Service(service);
        var after = Inputs.State(Template, variables, Other).Service(service);

        Assert.NotEqual(before.Environment["RELEASE_COMMIT_SHA"], after.Environment["RELEASE_COMMIT_SHA"]);
        Assert.Equal(changes, before.Hash != after.Hash);
    }

    [Fact]
    public void Hash_AnotherDigest_ChangesTheBuiltServiceOnly()
    {
        var before = Inputs.State(Template);
        var after = Inputs.State(Template, digest: "sha256:2");

        Assert.NotEqual(before.Service("web").Hash, after.Service("web").Hash);
        Assert.Equal(before.Service("db").Hash, after.Service("db").Hash);
    }

    [Theory]
    [InlineData("image: postgres:15")]
    [InlineData("image: postgres:14, args: [x]")]
    [InlineData("image: postgres:14, command: [x]")]
    [InlineData("image: postgres:14, memory: { limits: 1Gi }")]
    [InlineData("image: postgres:14, ports: [{ type: container_port, port: 1 }]")]
    [InlineData("image: postgres:14, envs: [{ key: A, value: b }]")]
    [InlineData("image: postgres:14, volumes: [{ type: persistent, name: d, mount_path: /d }]")]
    [InlineData("image: postgres:14, readiness_probe: { tcp_socket: { port: 1 } }")]
    public void Hash_AChangedService_Changes(string service) =>
        Assert.NotEqual(Inputs.State("services: [{ name: db, image: postgres:14 }]").Service("db").Hash, Inputs.State($"services: [{{ name: db, {service} }}]").Service("db").Hash);

    [Fact]
    public void Hash_MoreReplicasOrAnotherPublicService_DoesNotChangeAStockService()
    {
        var before = Inputs.State(Template).Service("db").Hash;

        Assert.Equal(before, Inputs.State(Template.Replace("image: postgres:14", "image: postgres:14, replicas: 3", StringComparison.Ordinal)).Service("db").Hash);
        Assert.Equal(before, Inputs.State(Template + "\n- { name: admin, image: x, ports: [{ type: node_port, port: 81 }] }").Service("db").Hash);
    }
}
