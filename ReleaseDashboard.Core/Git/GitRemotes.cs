namespace ReleaseDashboard.Core.Git;

/// <summary>What is asked of repositories elsewhere: refs and fetches. Every failure is a <see cref="GitException"/> with a sentence.</summary>
internal sealed class GitRemotes(GitProcess git, TimeProvider time)
{
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan StaleLock = TimeSpan.FromMinutes(1);

    /// <summary>Name of the default branch; null for an empty repository.</summary>
    public async Task<string?> ProbeAsync(string repository, CancellationToken cancellationToken)
    {
        var address = RepositoryAddress.Parse(repository);
        var text = await LookAsync(address, cancellationToken).ConfigureAwait(false);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        const string symbolic = "ref: refs/heads/";
        if (lines.FirstOrDefault(l => l.StartsWith(symbolic, StringComparison.Ordinal) && l.EndsWith("\tHEAD", StringComparison.Ordinal)) is { } head)
            return head[symbolic.Length..^"\tHEAD".Length];
        var branches = ParseRefs(text).Where(r => !r.IsTag).Select(r => r.Name).ToList();
        return branches.Find(b => b is "main") ?? branches.Find(b => b is "master") ?? branches.FirstOrDefault();
    }

    public async Task<IReadOnlyList<GitRef>> ListAsync(string repository, CancellationToken cancellationToken) =>
        ParseRefs(await LookAsync(RepositoryAddress.Parse(repository), cancellationToken).ConfigureAwait(false));

    /// <summary>Brings the bare mirror up to date, creating it when it is not there (or was left half-made).</summary>
    public async Task FetchAsync(string repository, string mirror)
    {
        var address = RepositoryAddress.Parse(repository);
        if (!File.Exists(Path.Combine(mirror, "HEAD"))) await CreateAsync(mirror).ConfigureAwait(false);
        string[] arguments = ["fetch", "--prune", "--no-tags", "--force", "--no-write-fetch-head", "--quiet", "--", address.Fetch, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        var answer = await CallAsync(mirror, address, arguments, FetchLimit, CancellationToken.None).ConfigureAwait(false);
        if (!answer.Succeeded && answer.Error.Contains(".lock': File exists", StringComparison.Ordinal))
        {
            // Left by a process that was killed: nobody but this process writes here, one fetch at a time.
            RemoveStaleLocks(mirror);
            answer = await CallAsync(mirror, address, arguments, FetchLimit, CancellationToken.None).ConfigureAwait(false);
        }

        if (!answer.Succeeded) throw GitFailure.OfRemote(address.Shown, answer.Error);
    }

    /// <summary>Takes away lock files that are too old to belong to a git that still lives.</summary>
    public void RemoveStaleLocks(string repository)
    {
        if (!Directory.Exists(repository)) return;
        var before = time.GetUtcNow() - StaleLock;
        foreach (var file in Directory.EnumerateFiles(repository, "*.lock", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(file) < before.UtcDateTime) File.Delete(file);
        }
    }

    private async Task CreateAsync(string mirror)
    {
        if (Directory.Exists(mirror)) Directory.Delete(mirror, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(mirror)!);
        var answer = await git.RunAsync(null, ["init", "--quiet", "--bare", "--", mirror], CancellationToken.None).ConfigureAwait(false);
        if (!answer.Succeeded) throw new GitException($"The data directory cannot take a copy of the repository: {GitFailure.Reason(answer.Error)}");
    }

    private async Task<string> LookAsync(RepositoryAddress address, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(null, address, ["ls-remote", "--symref", "--", address.Fetch, "HEAD", "refs/heads/*", "refs/tags/*"], LookLimit, cancellationToken).ConfigureAwait(false);
        return answer.Succeeded ? answer.Text : throw GitFailure.OfRemote(address.Shown, answer.Error);
    }

    private async Task<GitAnswer> CallAsync(string? repository, RepositoryAddress address, string[] arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await git.RunAsync(repository, arguments, Credentials(address), limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new GitException($"{address.Shown} did not answer within {limit.TotalSeconds:0} seconds. Check that this machine can reach it, and try again.");
        }
    }

    /// <summary>As configuration in the environment: an argument would show the credentials to every account of the machine.</summary>
    private static Dictionary<string, string>? Credentials(RepositoryAddress address) => address.BasicCredentials is null ? null : new()
    {
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = $"http.{address.Origin}.extraHeader",
        ["GIT_CONFIG_VALUE_0"] = "Authorization: Basic " + address.BasicCredentials,
    };

    /// <summary>Of an annotated tag the peeled line (<c>^{}</c>) counts.</summary>
    internal static IReadOnlyList<GitRef> ParseRefs(string text)
    {
        var refs = new Dictionary<string, GitRef>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('\t');
            if (parts.Length != 2 || !parts[1].StartsWith("refs/", StringComparison.Ordinal)) continue;
            var name = parts[1].EndsWith("^{}", StringComparison.Ordinal) ? parts[1][..^3] : parts[1];
            if (name.StartsWith("refs/heads/", StringComparison.Ordinal)) refs[name] = new GitRef(name["refs/heads/".Length..], false, parts[0]);
            else if (name.StartsWith("refs/tags/", StringComparison.Ordinal)) refs[name] = new GitRef(name["refs/tags/".Length..], true, parts[0]);
        }

        return [.. refs.Values];
    }
}
