namespace ReleaseDashboard.Core.Git;

/// <summary>Answers a git client that fetches from or pushes to a hosted repository, with <c>git http-backend</c>. The caller has checked who asks.</summary>
public interface IGitRemote
{
    /// <summary>
    /// Streams in both directions; nothing is held in memory. Git is ended when <paramref name="cancellationToken"/> is (the client went away).
    /// <see cref="IGitRemoteAnswer.PushedAsync"/> is called once for every push that reached git, also when the client has gone by then.
    /// </summary>
    Task ServeAsync(GitRemoteRequest request, IGitRemoteAnswer answer, CancellationToken cancellationToken);
}

/// <param name="Head">The branch a clone checks out; no push may delete it.</param>
/// <param name="Service">Path below the repository: <c>info/refs</c>, <c>git-upload-pack</c> or <c>git-receive-pack</c>.</param>
/// <param name="Query">Without the question mark.</param>
/// <param name="ContentLength">Null for a chunked body.</param>
/// <param name="Protocol">The client's <c>Git-Protocol</c> header.</param>
/// <param name="User">Name of the token's owner.</param>
public sealed record GitRemoteRequest(
    string Application,
    string Head,
    string Service,
    string Method,
    string Query,
    string? ContentType,
    string? ContentEncoding,
    long? ContentLength,
    string? Protocol,
    string User,
    Stream Body)
{
    /// <summary>True for the request that carries a push's commits.</summary>
    public bool IsPush => Service == "git-receive-pack";
}

/// <summary>Where the answer goes.</summary>
public interface IGitRemoteAnswer
{
    /// <summary>Called once, before anything is written to <see cref="Body"/>.</summary>
    void Begin(int status, IReadOnlyList<KeyValuePair<string, string>> headers);

    Stream Body { get; }

    /// <summary>The branches have moved; the client waits for the end of the answer. The lines are shown to whoever pushed.</summary>
    Task<IReadOnlyList<string>> PushedAsync(CancellationToken cancellationToken);
}
