namespace ReleaseDashboard.Core.Git;

/// <summary>Bare repositories of which the dashboard itself is the remote.</summary>
internal sealed class HostedRepositories(GitHome home, GitProcess git, TimeProvider time)
{
    /// <summary>For a new application: what one of the same name left behind must not come back with it, and is not thrown away either.</summary>
    public Task<string> CreateEmptyAsync(string application, CancellationToken cancellationToken)
    {
        var repository = home.HostedRepository(application);
        if (Directory.Exists(repository)) Directory.Move(repository, $"{repository}.left-{time.GetUtcNow():yyyyMMddHHmmssfff}");
        return CreateAsync(application, cancellationToken);
    }

    private async Task<string> CreateAsync(string application, CancellationToken cancellationToken)
    {
        var repository = home.HostedRepository(application);
        if (File.Exists(Path.Combine(repository, "HEAD"))) return repository;
        Directory.CreateDirectory(home.Hosted);
        await RunAsync(null, ["init", "--quiet", "--bare", "--initial-branch=main", "--", repository], null, cancellationToken).ConfigureAwait(false);
        return repository;
    }

    /// <summary>Makes <paramref name="branch"/> the one a clone checks out and no push may delete.</summary>
    public async Task SetHeadAsync(string application, string branch, CancellationToken cancellationToken)
    {
        var repository = home.HostedRepository(application);
        var wanted = $"ref: refs/heads/{branch}";
        if (!GitReference.IsName(branch) || (await File.ReadAllTextAsync(Path.Combine(repository, "HEAD"), cancellationToken).ConfigureAwait(false)).Trim() == wanted) return;
        await RunAsync(repository, ["symbolic-ref", "HEAD", $"refs/heads/{branch}"], null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does nothing when the branch exists already: a start that was killed half-way comes here again.</summary>
    public async Task SeedAsync(string application, string directory, string branch, string message, CancellationToken cancellationToken)
    {
        if (!GitReference.IsName(branch)) throw new GitException($"'{branch}' cannot be the name of a branch.");
        var repository = await CreateAsync(application, cancellationToken).ConfigureAwait(false);
        await SetHeadAsync(application, branch, cancellationToken).ConfigureAwait(false);
        var exists = await git.RunAsync(repository, ["rev-parse", "--verify", "--quiet", $"refs/heads/{branch}^{{commit}}"], cancellationToken).ConfigureAwait(false);
        if (exists.Succeeded) return;

        var index = Path.Combine(repository, $"seed-{Guid.NewGuid():N}");
        var environment = new Dictionary<string, string>
        {
            ["GIT_INDEX_FILE"] = index,
            ["GIT_AUTHOR_NAME"] = "ReleaseDashboard",
            ["GIT_AUTHOR_EMAIL"] = "release@localhost",
            ["GIT_COMMITTER_NAME"] = "ReleaseDashboard",
            ["GIT_COMMITTER_EMAIL"] = "release@localhost",
        };
        try
        {
            await RunAsync(repository, [$"--work-tree={Path.GetFullPath(directory)}", "add", "--all", "--force", "--", ":/"], environment, cancellationToken).ConfigureAwait(false);
            var tree = await RunAsync(repository, ["write-tree"], environment, cancellationToken).ConfigureAwait(false);
            var commit = await RunAsync(repository, ["commit-tree", "-m", message, tree], environment, cancellationToken).ConfigureAwait(false);
            await RunAsync(repository, ["update-ref", $"refs/heads/{branch}", commit], environment, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(index);
        }
    }

    private async Task<string> RunAsync(string? repository, string[] arguments, Dictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var answer = await git.RunAsync(repository, arguments, environment, TimeSpan.FromMinutes(2), cancellationToken).ConfigureAwait(false);
        return answer.Succeeded ? answer.Text.Trim() : throw new GitException($"The hosted repository could not be written: {GitFailure.Reason(answer.Error)}");
    }
}
