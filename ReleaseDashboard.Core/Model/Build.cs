namespace ReleaseDashboard.Core.Model;

/// <summary>The images of one commit of one application.</summary>
/// <param name="SpecHash">Hash of the build instructions: a commit is built once per application and set of instructions.</param>
/// <param name="Trigger">Why it was asked for: <c>push</c>, <c>deploy</c>, <c>rebuild</c>, <c>api</c>.</param>
public sealed record Build(
    long Id,
    string Application,
    string Commit,
    string Branch,
    string Author,
    string Message,
    string SpecHash,
    RunStatus Status,
    string Trigger,
    string Actor,
    long RunId,
    IReadOnlyList<BuildImage> Images,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    Failure? Failure);

/// <summary>One image that a build made.</summary>
/// <param name="Service">The service (or <c>builds</c> entry) whose instructions made it.</param>
/// <param name="Name">Image name as the template writes it, without tag; services with the same name share the image.</param>
/// <param name="Reference">What an engine starts it by.</param>
/// <param name="Digest">Content address, <c>sha256:…</c>.</param>
public sealed record BuildImage(string Service, string Name, string Reference, string Digest, long SizeBytes);

/// <summary>What to build: one image, resolved from the template.</summary>
/// <param name="Context">Directory inside the repository, <c>.</c> for its root.</param>
/// <param name="Dockerfile">Path inside the repository.</param>
public sealed record BuildSpec(
    string Service,
    string Image,
    string Context,
    string Dockerfile,
    string? Target,
    IReadOnlyDictionary<string, string> Args)
{
    /// <summary>Where else the Dockerfile may stand, when it is not at <see cref="Dockerfile"/>: see <c>BuildPaths.DockerfileCandidates</c>.</summary>
    public string? DockerfileFromRoot { get; init; }
}

/// <summary>One step of an image build as BuildKit reports it.</summary>
/// <param name="Digest">BuildKit's vertex digest; steps are repeated as they change and keyed by it.</param>
/// <param name="Error">Set when the step failed.</param>
public sealed record BuildStep(
    string Digest,
    string Name,
    bool Cached,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error);

/// <summary>The steps of one image of a build, in the order they were first seen.</summary>
public sealed record BuildProgress(string Service, IReadOnlyList<BuildStep> Steps);
