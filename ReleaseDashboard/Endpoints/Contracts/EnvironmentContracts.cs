using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Endpoints.Contracts;

/// <param name="Branch">Branch to follow; absent (with <paramref name="Tag"/> absent too) the application's tracking branch.</param>
/// <param name="Tag">Tag to stand on, instead of a branch.</param>
/// <param name="Kind"><c>ephemeral</c> (the default) or <c>permanent</c>.</param>
/// <param name="Name">For a permanent environment: its id.</param>
internal sealed record NewEnvironmentJson(
    string? Branch = null,
    string? Tag = null,
    string? Kind = null,
    string? Name = null,
    IReadOnlyDictionary<string, string>? Parameters = null);

internal sealed record CreatedEnvironmentJson(EnvironmentJson Environment, DeploymentJson Deployment);

internal sealed record VersionsJson(string? Applied, string Saved);

internal sealed record UrlJson(string Service, string Url);

internal sealed record InstanceJson(string Id, string Name, string Status, string Health, int Restarts, DateTimeOffset? StartedAt);

internal sealed record ServiceJson(string Name, IReadOnlyList<InstanceJson> Instances);

internal sealed record DriftJson(string Kind, string Name, string Description);

internal sealed record EnvironmentJson(
    string Id,
    string Application,
    string Kind,
    string Branch,
    string Phase,
    string Health,
    string Sync,
    bool SetupRequired,
    VersionsJson Version,
    string? Commit,
    string? BuildId,
    IReadOnlyList<UrlJson> Urls,
    IReadOnlyList<ServiceJson> Services,
    IReadOnlyList<DriftJson> Drift,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt)
{
    public static EnvironmentJson From(EnvironmentView view) => From(
        view.Environment, view.Urls,
        [.. view.Services.Select(s => new ServiceJson(s.Name, [.. s.Instances.Select(i => Instance(i.Instance, i.Health))]))]);

    /// <summary>From a list's row: instances come from what the engine last showed.</summary>
    public static EnvironmentJson From(EnvironmentRow row, ObservedState? observed) => From(
        row.Environment, row.Urls,
        [.. (observed?.Instances ?? []).GroupBy(i => i.Service).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ServiceJson(g.Key, [.. g.Select(i => Instance(i, HealthOf(i)))]))]);

    private static EnvironmentJson From(ReleaseEnvironment e, IReadOnlyList<ServiceUrl> urls, IReadOnlyList<ServiceJson> services) => new(
        e.Id, e.Application, e.Kind.Word(), e.Branch, e.Phase.Word(), e.Health.Word(), e.Sync.Word(), e.SetupRequired,
        new VersionsJson(e.Applied?.ToString(), e.Saved.ToString()), e.Commit, e.BuildId?.ToString(),
        [.. urls.Select(u => new UrlJson(u.Service, u.Url))], services,
        [.. e.Drift.Select(d => new DriftJson(d.Kind, d.Name, d.Description))], e.CreatedAt, e.ExpiresAt);

    private static InstanceJson Instance(ObservedInstance i, HealthStatus health) =>
        new(i.Id, i.Name, i.Status.Word(), health.Word(), i.Restarts, i.StartedAt);

    private static HealthStatus HealthOf(ObservedInstance i) => i.Status switch
    {
        InstanceStatus.Running => i.Ready ? HealthStatus.Healthy : HealthStatus.Progressing,
        InstanceStatus.Created => HealthStatus.Progressing,
        _ => HealthStatus.Degraded,
    };
}

/// <param name="Commit">Sha, branch or tag; absent: the newest commit of the environment's branch.</param>
/// <param name="Build">Id of a build, instead of a commit.</param>
/// <param name="Stage"><c>patch</c> asks for patch by name and is refused with <c>setup_required</c> before setup; absent: the rules choose.</param>
internal sealed record DeployJson(string? Commit = null, long? Build = null, string? Stage = null);

internal sealed record PlanActionJson(string Kind, string Step, string Task, string Subject, string Reason);

/// <param name="Empty">Carrying it out would change nothing.</param>
internal sealed record PlanJson(string Stage, bool Empty, IReadOnlyList<PlanActionJson> Actions)
{
    public static PlanJson From(Plan p) => new(
        p.Stage.Word(), p.IsEmpty, [.. p.Actions.Select(a => new PlanActionJson(a.Kind.Word(), a.Step, a.Task, a.Subject, a.Reason))]);
}
