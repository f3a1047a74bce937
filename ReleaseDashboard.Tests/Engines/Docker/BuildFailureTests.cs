using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker.BuildKit;
using Xunit;

namespace ReleaseDashboard.Tests.Engines.Docker;

/// <summary>Words of old and new BuildKit; those of the machine's own are in the tests on the real engine.</summary>
public sealed class BuildFailureTests
{
    [Theory]
    [InlineData("[2/3] RUN make", "process \"/bin/sh -c make\" did not complete successfully: exit code: 2", "web: step RUN make failed with exit code 2.")]
    [InlineData("[stage-0 2/3] RUN make", "executor failed running [/bin/sh -c make]: exit code: 137", "web: step RUN make failed with exit code 137.")]
    [InlineData("[internal] load metadata for docker.io/library/nope:1", "pull access denied, repository does not exist", "web: the base image docker.io/library/nope:1 cannot be pulled: pull access denied, repository does not exist")]
    [InlineData("resolve image config for docker.io/docker/dockerfile:1", "no such host", "web: the base image docker.io/docker/dockerfile:1 cannot be pulled: no such host")]
    [InlineData("[2/2] COPY a /", "failed to compute cache key: failed to calculate checksum of ref x::y: \"/a\": not found", "web: step COPY a / failed")]
    public void Explain_FailedStep_IsNamed(string step, string error, string expected)
    {
        var failure = BuildFailure.Explain("web", Request(), $"failed to solve: {error}", (step, error, ["last line"]));
        Assert.StartsWith(expected, failure.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory", "there is no Dockerfile at app/Dockerfile")]
    [InlineData("failed to solve: target stage \"prod\" could not be found", "no stage named prod")]
    [InlineData("failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 3: unknown instruction: RUNN", "dockerfile parse error line 3")]
    [InlineData("failed to solve: rpc error: code = Unknown desc = something odd", "web: the build failed: something odd.")]
    public void Explain_NoStep_SaysWhatIsWrong(string error, string expected) =>
        Assert.Contains(expected, BuildFailure.Explain("web", Request(), error, null).Summary, StringComparison.Ordinal);

    private static ImageBuildRequest Request() => new("release/shop/web:build-1", "app/Dockerfile", null, new Dictionary<string, string>(), new Dictionary<string, string>(), (_, _) => Task.CompletedTask);
}
