using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Templates;

namespace ReleaseDashboard.Core.Stages;

/// <param name="BuildId">0 for one that is not made yet.</param>
internal sealed record ChosenBuild(long BuildId, string Commit, IReadOnlyList<BuildImage> Images);

/// <summary>Which build's images a stage deploys.</summary>
internal sealed class BuildChoice(IRecordStore records, IGitRepositories git)
{
    /// <summary>The build that was named, else the one that runs. A preview asks what a click would do now, and need not find it built. Null when there is none.</summary>
    public async Task<ChosenBuild?> FindAsync(StateRequest request, ReleaseEnvironment environment, Application application, ApplicationTemplate template, CancellationToken cancellationToken)
    {
        var running = (request.BuildId ?? environment.BuildId) is { } id ? await records.FindBuildAsync(id, cancellationToken) : null;
        var specs = BuildSpecs.From(template, application.Name);
        if (request is { Preview: true, BuildId: not null } && running is not null)
            return running.Status == RunStatus.Succeeded ? new ChosenBuild(running.Id, running.Commit, running.Images) : ToCome(specs, running.Commit);
        if (running is { Status: not RunStatus.Succeeded }) running = null;
        if (!request.Preview) return running is null ? null : new ChosenBuild(running.Id, request.Commit ?? running.Commit, running.Images);

        // As the commands choose: setup by hand keeps the commit, deploy takes the newest.
        var keeps = request.Stage != Stage.Patch && environment.Commit is not null;
        var commit = request.Commit ?? (keeps ? environment.Commit : (await git.ResolveAsync(application, environment.Branch, cancellationToken))?.Sha ?? environment.Commit);
        if (commit is null) return null;
        var hash = BuildSpecs.Hash(specs);
        var build = running is not null && running.Commit == commit && running.SpecHash == hash ? running : await records.FindBuildAsync(application.Name, commit, hash, cancellationToken);
        return build is null ? ToCome(specs, commit) : new ChosenBuild(build.Id, commit, build.Images);
    }

    private static ChosenBuild ToCome(IReadOnlyList<BuildSpec> specs, string commit) =>
        new(0, commit, [.. specs.Select(s => new BuildImage(s.Service, s.Image, $"{s.Image}:{ImageTasks.Short(commit)}", $"not built yet: {commit}", 0))]);
}
