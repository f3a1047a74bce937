using System.Globalization;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Git;

/// <summary>Bare mirrors in <c>git/</c> and hosted repositories in <c>hosted/</c> of the data directory, read with the machine's git.</summary>
internal sealed class GitRepositories(GitHome home, GitProcess git, GitRemotes remotes, HostedRepositories hosted, GitContext context) : IGitRepositories
{
    private const int LargestFile = 64 * 1024 * 1024;
    private const int LongestMessage = 16 * 1024;
    private const int LongestAuthor = 256;

    private readonly SharedFetch _fetches = new();

    public Task FetchAsync(Application application, CancellationToken cancellationToken) =>
        application.Hosted
            ? Task.CompletedTask
            : _fetches.RunAsync(application.Name, () => remotes.FetchAsync(application.Repository, home.Mirror(application.Name)), cancellationToken);

    public Task<string?> ProbeAsync(string repository, CancellationToken cancellationToken) => remotes.ProbeAsync(repository, cancellationToken);

    public async Task<GitCommit?> ResolveAsync(Application application, string reference, CancellationToken cancellationToken)
    {
        var repository = Locate(application);
        if (!Directory.Exists(repository)) return null;
        var candidates = new List<string>();
        if (GitReference.IsName(reference)) candidates.AddRange([$"refs/heads/{reference}", $"refs/tags/{reference}"]);
        if (GitReference.IsSha(reference)) candidates.Add(reference);
        foreach (var candidate in candidates)
        {
            var answer = await git.RunAsync(
                repository,
                ["log", "-1", "--no-show-signature", "--format=%H%x00%an%x00%cI%x00%B", "--end-of-options", candidate + "^{commit}", "--"],
                cancellationToken).ConfigureAwait(false);
            if (!answer.Succeeded) continue;
            var parts = answer.Text.Split('\0', 4);
            return new GitCommit(parts[0], Cut(parts[1], LongestAuthor), Cut(parts[3], LongestMessage).TrimEnd('\n'), DateTimeOffset.Parse(parts[2], CultureInfo.InvariantCulture));
        }

        return null;
    }

    public async Task<IReadOnlyList<GitRef>> ListRefsAsync(Application application, CancellationToken cancellationToken)
    {
        var repository = Locate(application);
        if (!Directory.Exists(repository)) return [];
        var answer = await git.RunAsync(
            repository,
            ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)", "refs/heads", "refs/tags"],
            cancellationToken).ConfigureAwait(false);
        if (!answer.Succeeded) throw new GitException($"The branches of {application.Name} could not be read: {GitFailure.Reason(answer.Error)}");
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseRef)];
    }

    public Task<IReadOnlyList<GitRef>> ListRemoteRefsAsync(Application application, CancellationToken cancellationToken) =>
        application.Hosted ? ListRefsAsync(application, cancellationToken) : remotes.ListAsync(application.Repository, cancellationToken);

    public async Task<byte[]?> ReadFileAsync(Application application, string commit, string path, CancellationToken cancellationToken)
    {
        if (GitReference.Path(path) is not { Length: > 0 } inside || !GitReference.IsSha(commit)) return null;
        var repository = await WithCommitAsync(application, commit, cancellationToken).ConfigureAwait(false);
        var file = $"{commit}:{inside}";
        var size = await git.RunAsync(repository, ["cat-file", "-s", file], cancellationToken).ConfigureAwait(false);
        if (!size.Succeeded) return null;
        if (long.Parse(size.Text.AsSpan().Trim(), CultureInfo.InvariantCulture) > LargestFile)
            throw new GitException($"The file {inside} is larger than {LargestFile / 1024 / 1024} MB; files that are read from the repository must be smaller.");
        var answer = await git.RunAsync(repository, ["cat-file", "blob", file], cancellationToken).ConfigureAwait(false);
        return answer.Succeeded ? answer.Bytes : null;
    }

    public async Task WriteContextAsync(Application application, string commit, string directory, IReadOnlyList<string> keep, Stream output, CancellationToken cancellationToken)
    {
        if (!GitReference.IsSha(commit)) throw new GitException($"'{commit}' is not a commit.");
        var repository = await WithCommitAsync(application, commit, cancellationToken).ConfigureAwait(false);
        await context.WriteAsync(repository, commit, directory, keep, output, cancellationToken).ConfigureAwait(false);
    }

    public Task<string> CreateHostedAsync(string application, CancellationToken cancellationToken) => hosted.CreateEmptyAsync(application, cancellationToken);

    public Task SeedHostedAsync(string application, string directory, string branch, string message, CancellationToken cancellationToken) =>
        hosted.SeedAsync(application, directory, branch, message, cancellationToken);

    public Task DeleteAsync(Application application, CancellationToken cancellationToken)
    {
        foreach (var folder in new[] { home.HostedRepository(application.Name), home.Mirror(application.Name) })
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <summary>A commit is stored with every build of it; whoever made it may have made it as long as they like.</summary>
    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    private string Locate(Application application) => application.Hosted ? home.HostedRepository(application.Name) : home.Mirror(application.Name);

    /// <summary>The repository, fetched once more when it does not have the commit (a mirror somebody deleted).</summary>
    private async Task<string> WithCommitAsync(Application application, string commit, CancellationToken cancellationToken)
    {
        var repository = Locate(application);
        if (await HasAsync(repository, commit, cancellationToken).ConfigureAwait(false)) return repository;
        await FetchAsync(application, cancellationToken).ConfigureAwait(false);
        if (await HasAsync(repository, commit, cancellationToken).ConfigureAwait(false)) return repository;
        throw new GitException($"The repository of {application.Name} has no commit {commit}. Its branch may have been rewritten; deploy a newer commit.");
    }

    private async Task<bool> HasAsync(string repository, string commit, CancellationToken cancellationToken) =>
        Directory.Exists(repository)
        && (await git.RunAsync(repository, ["cat-file", "-e", commit + "^{commit}"], cancellationToken).ConfigureAwait(false)).Succeeded;

    private static GitRef ParseRef(string line)
    {
        var parts = line.Split('\0');
        var isTag = parts[0].StartsWith("refs/tags/", StringComparison.Ordinal);
        return new GitRef(parts[0][(isTag ? "refs/tags/" : "refs/heads/").Length..], isTag, parts[2].Length > 0 ? parts[2] : parts[1]);
    }
}
