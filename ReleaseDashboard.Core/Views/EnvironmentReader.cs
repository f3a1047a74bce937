using System.Collections.Concurrent;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Planning;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Views;

/// <summary>What is remembered of an environment together with what the engine last showed.</summary>
internal sealed class EnvironmentReader(EnvironmentViewStore store, ViewStore others, IRecordStore records, IEnvironmentObserver observer, IGitRepositories git, IPublicAddress address)
{
    private static readonly string[] Stages = ["setup", "patch", "teardown"];

    /// <summary>Commits never change: each is asked of git once.</summary>
    private readonly ConcurrentDictionary<(string Application, string Sha), GitCommit> _commits = new();

    public EnvironmentRow Row(EnvironmentData data) => new(data.Environment, Urls(data), data.RunningStage, data.Commit);

    public async Task<EnvironmentView?> ViewAsync(string id, Func<string, Task<DeploymentView?>> newest, CancellationToken cancellationToken)
    {
        if (await store.EnvironmentAsync(id, cancellationToken) is not { } data) return null;
        var environment = data.Environment;
        var engine = observer.Engine;
        return new EnvironmentView(
            environment,
            Urls(data),
            Services(data),
            await newest(id),
            data.Commit ?? (environment.Commit is { } sha ? await CommitAsync(environment.Application, sha, cancellationToken) : null),
            await NewerAsync(environment, cancellationToken),
            [.. data.Applied.Workflows.Where(w => !Stages.Contains(w))],
            engine.Available ? null : engine.Message);
    }

    /// <summary>From a build that remembers it, else from git; null when neither knows it.</summary>
    public async Task<GitCommit?> CommitAsync(string application, string sha, CancellationToken cancellationToken)
    {
        if (_commits.TryGetValue((application, sha), out var known)) return known;
        var found = await others.CommitAsync(application, sha, cancellationToken);
        if (found is null && await records.FindApplicationAsync(application, cancellationToken) is { } from)
        {
            try
            {
                found = await git.ResolveAsync(from, sha, cancellationToken);
            }
            catch (Exception problem) when (problem is GitException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                // A page is shown without a commit's message rather than not at all.
                return null;
            }
        }

        if (found is not null) _commits[(application, sha)] = found;
        return found;
    }

    public async Task<IReadOnlyList<GitRef>> RefsAsync(string application, CancellationToken cancellationToken)
    {
        const int Most = 1000;
        if (await records.FindApplicationAsync(application, cancellationToken) is not { } of) return [];
        try
        {
            return [.. (await git.ListRefsAsync(of, cancellationToken)).OrderBy(r => r.IsTag).ThenByDescending(r => r.Name == of.TrackingBranch).ThenBy(r => r.Name, StringComparer.Ordinal).Take(Most)];
        }
        catch (Exception problem) when (problem is GitException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return []; // They are only suggestions.
        }
    }

    private async Task<GitCommit?> NewerAsync(ReleaseEnvironment environment, CancellationToken cancellationToken)
    {
        if (environment.FollowsTag || environment.Commit is null || environment.Phase == EnvironmentPhase.Removed) return null;
        var tip = await others.TrackedShaAsync(environment.Application, environment.Branch, cancellationToken);
        return tip is null || tip == environment.Commit ? null : await CommitAsync(environment.Application, tip, cancellationToken);
    }

    private IReadOnlyList<ServiceUrl> Urls(EnvironmentData data) =>
        data.Environment.Phase == EnvironmentPhase.Removed
            ? []
            : [.. data.Applied.Routes.Select(r => new ServiceUrl(r.Service, $"{address.Scheme}://{r.Hostname}{(address.Port is { } port ? $":{port}" : "")}"))];

    private IReadOnlyList<ServiceView> Services(EnvironmentData data)
    {
        var id = data.Environment.Id;
        var instances = observer.Last(id)?.Instances ?? [];
        var usage = observer.Usage(id).ToLookup(u => u.InstanceId);
        // What runs although it was never applied (a setup under way, or half of one) is shown too.
        var unknown = instances.Select(i => i.Service).Distinct().Where(name => data.Applied.Services.All(s => s.Name != name)).Select(name => new AppliedService(name, "", 1));
        return [.. data.Applied.Services.Concat(unknown).Select(s => Service(s, [.. instances.Where(i => i.Service == s.Name)], usage, observer.Last(id) is not null))];
    }

    private static ServiceView Service(AppliedService service, IReadOnlyList<ObservedInstance> instances, ILookup<string, InstanceUsage> usage, bool looked) => new(
        service.Name,
        service.Image,
        service.Replicas,
        looked ? Health.Of(Wanted(service), instances) : HealthStatus.Unknown,
        [.. instances.Select(i => new InstanceView(i, Health.Of(i), usage[i.Id].FirstOrDefault()))]);

    /// <summary>As much of the service as its health depends on.</summary>
    private static DesiredService Wanted(AppliedService service) => new(
        service.Name, service.Image, false, [], [], new Dictionary<string, string>(), [], null, [], [], ResourceTemplate.None, service.Replicas, 0, "");
}
