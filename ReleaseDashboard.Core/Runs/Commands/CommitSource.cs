using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs.Commands;

/// <summary>Finds the commit a command means, and what has to be built of it.</summary>
internal sealed class CommitSource(IGitRepositories git, ITemplateReader templates)
{
    /// <summary>Branch, tag or sha → commit. A full sha that is known already needs no fetch, so that it works while the remote is away.</summary>
    public async Task<Outcome<GitCommit>> ResolveAsync(Application application, string reference, CancellationToken cancellationToken)
    {
        if (IsSha(reference) && await git.ResolveAsync(application, reference, cancellationToken) is { } known) return known;
        await git.FetchAsync(application, cancellationToken);
        return await git.ResolveAsync(application, reference, cancellationToken) is { } found ? found : Refusals.RefNotFound(application.Name, reference);
    }

    /// <summary>The build instructions of a configuration.</summary>
    public Outcome<BuildRequest> Instructions(Application application, GitCommit commit, string branch, SavedConfiguration configuration)
    {
        var parsed = templates.Template(configuration.Text.Template);
        if (parsed.Value is null) return Refusals.Template("template", parsed.Diagnostics);
        var specs = templates.Specs(parsed.Value, application.Name);
        return new BuildRequest(commit, branch, specs, templates.Hash(specs));
    }

    public static bool IsSha(string reference) => reference.Length == 40 && reference.All(char.IsAsciiHexDigit);
}

/// <summary>A build that is wanted: made now, or found among those there are.</summary>
internal sealed record BuildRequest(GitCommit Commit, string Branch, IReadOnlyList<BuildSpec> Specs, string Hash);
