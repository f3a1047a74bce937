using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Git;

/// <summary>Reads commits, trees and files of applications' repositories through bare mirrors in the data directory. Thread-safe; one fetch per repository at a time.</summary>
public interface IGitRepositories
{
    /// <summary>Brings the mirror up to date (nothing to do for a hosted repository).</summary>
    Task FetchAsync(Application application, CancellationToken cancellationToken);

    /// <summary>Can the repository be read at all? Returns its default branch. Used before an application is created.</summary>
    Task<string?> ProbeAsync(string repository, CancellationToken cancellationToken);

    /// <summary>Branch, tag or sha → commit, without fetching. Null when there is none of that name.</summary>
    Task<GitCommit?> ResolveAsync(Application application, string reference, CancellationToken cancellationToken);

    /// <summary>Branches and tags of the mirror or the hosted repository, without fetching.</summary>
    Task<IReadOnlyList<GitRef>> ListRefsAsync(Application application, CancellationToken cancellationToken);

    /// <summary>Branches and tags as the remote has them now, without fetching any commit.</summary>
    Task<IReadOnlyList<GitRef>> ListRemoteRefsAsync(Application application, CancellationToken cancellationToken) => ListRefsAsync(application, cancellationToken);

    /// <summary>Null when the commit has no such file.</summary>
    Task<byte[]?> ReadFileAsync(Application application, string commit, string path, CancellationToken cancellationToken);

    /// <summary>
    /// Streams the tree below <paramref name="directory"/> at the commit as a GNU tar, without a checkout, leaving out what <c>.dockerignore</c>
    /// names (of the Dockerfile's own <c>&lt;Dockerfile&gt;.dockerignore</c> if present, else of the directory); <paramref name="keep"/> names files that are sent all the same.
    /// </summary>
    Task WriteContextAsync(Application application, string commit, string directory, IReadOnlyList<string> keep, Stream output, CancellationToken cancellationToken);

    /// <summary>Creates an empty bare repository hosted by the dashboard. One of that name that is there already belongs to nobody and is moved aside. Returns its path.</summary>
    Task<string> CreateHostedAsync(string application, CancellationToken cancellationToken);

    /// <summary>Makes a hosted repository's first commit from the files of a directory (the sample).</summary>
    Task SeedHostedAsync(string application, string directory, string branch, string message, CancellationToken cancellationToken);

    /// <summary>Removes mirror and hosted repository.</summary>
    Task DeleteAsync(Application application, CancellationToken cancellationToken);
}

/// <param name="Name">Short name: <c>main</c>, <c>v1.0</c>.</param>
public sealed record GitRef(string Name, bool IsTag, string Sha);

/// <summary>Git said no; the message is for people and holds no credentials.</summary>
public sealed class GitException(string message) : Exception(message);
