using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines;

/// <summary>Makes images. Separate from <see cref="IEngine"/>: a Kubernetes engine builds elsewhere. Throws like <see cref="IEngine"/>.</summary>
public interface IImageBuilder
{
    /// <summary>Builds one image. A failing step is a result. Cancelling ends the running step.</summary>
    Task<ImageBuildResult> BuildAsync(ImageBuildRequest request, IBuildOutput output, CancellationToken cancellationToken);

    /// <summary>The image when it is (still) there, by reference; null otherwise.</summary>
    Task<BuiltImage?> FindAsync(string reference, CancellationToken cancellationToken);
}

/// <param name="Reference">Tag to give: <c>release/shop/web:build-12-4f2c9ae-1c0ffee5</c>.</param>
/// <param name="Dockerfile">Path inside the context tar.</param>
/// <param name="Labels"><c>release.application</c>, <c>release.commit</c>, <c>release.build</c>.</param>
/// <param name="WriteContext">Writes the tar (GNU or ustar headers) of the build context to the stream.</param>
/// <param name="NoCache">Build every step anew.</param>
public sealed record ImageBuildRequest(
    string Reference,
    string Dockerfile,
    string? Target,
    IReadOnlyDictionary<string, string> Args,
    IReadOnlyDictionary<string, string> Labels,
    Func<Stream, CancellationToken, Task> WriteContext,
    bool NoCache = false);

public interface IBuildOutput : IEngineOutput
{
    /// <summary>The whole list of steps, in order, each time one changed.</summary>
    ValueTask StepsAsync(IReadOnlyList<BuildStep> steps, CancellationToken cancellationToken);
}

public sealed record BuiltImage(string Reference, string Digest, long SizeBytes);

/// <param name="Image">Null when it failed.</param>
public sealed record ImageBuildResult(BuiltImage? Image, Failure? Failure);
