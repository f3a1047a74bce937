using System.Collections.Concurrent;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Tests.Triggers;

/// <summary>Applications, environments, the ledger and the list of deployments, in memory: what the triggers read.</summary>
internal sealed class MemoryRecords(RecordingRuns runs) : IRecordStore, IRefStore, IDashboardViews
{
    private readonly ConcurrentDictionary<(string Application, string Branch), string> _refs = new();

    public List<Application> Applications { get; } = [];
    public List<ReleaseEnvironment> Environments { get; } = [];
    public const string Minimal = "auto_deploy: true\nenvironment_templates:\n- name: ephemeral\nservices:\n- name: web\n  image: busybox\n";

    public string Template { get; set; } = Minimal;

    public ReleaseEnvironment AddEnvironment(string id, string application, string branch, bool followsTag = false)
    {
        var environment = new ReleaseEnvironment(id, application, EnvironmentKind.Ephemeral, branch, followsTag, EnvironmentPhase.Ready, HealthStatus.Healthy, SyncStatus.InSync, [], true, default, default, null, null, default, null, null);
        Environments.Add(environment);
        return environment;
    }

    public Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Applications.Find(a => a.Name == name));
    public Task<IReadOnlyList<Application>> ListApplicationsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Application>>([.. Applications]);
    public Task<IReadOnlyList<ReleaseEnvironment>> ListEnvironmentsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ReleaseEnvironment>>([.. Environments]);

    public Task<SavedConfiguration?> ReadConfigurationAsync(string application, string? environment, CancellationToken cancellationToken) =>
        Task.FromResult<SavedConfiguration?>(new SavedConfiguration(application, environment, default, new ConfigurationText(Template, ""), default, ""));

    public Task<IReadOnlyDictionary<string, string>> ReadRefsAsync(string application, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(_refs.Where(r => r.Key.Application == application).ToDictionary(r => r.Key.Branch, r => r.Value));

    public Task WriteRefAsync(string application, string branch, string? sha, CancellationToken cancellationToken)
    {
        if (sha is null) _refs.TryRemove((application, branch), out _);
        else _refs[(application, branch)] = sha;
        return Task.CompletedTask;
    }

    public Task<Page<Deployment>> DeploymentsAsync(string? application, string? environment, PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<Deployment>([.. runs.Accepted.Where(d => d.Environment == environment).Reverse()], null));

    Task<ReleaseEnvironment?> IRecordStore.FindEnvironmentAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<SavedConfiguration?> IRecordStore.ReadConfigurationAsync(string environment, ConfigurationVersion version, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyDictionary<string, string>> IRecordStore.ReadParametersAsync(string environment, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Build?> IRecordStore.FindBuildAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Build?> IRecordStore.FindBuildAsync(string application, string commit, string specHash, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyList<BuildSpec>> IRecordStore.ReadBuildSpecsAsync(long build, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Run?> IRecordStore.FindRunAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Deployment?> IRecordStore.FindDeploymentAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<AppliedState> IRecordStore.ReadAppliedAsync(string environment, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyList<GitRef>> IDashboardViews.RefsAsync(string application, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<OverviewView> IDashboardViews.OverviewAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Page<ApplicationRow>> IDashboardViews.ApplicationsAsync(PageRequest page, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<ApplicationView?> IDashboardViews.ApplicationAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<SavedConfiguration?> IDashboardViews.ApplicationConfigurationAsync(string name, int? version, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyList<SavedConfiguration>> IDashboardViews.ApplicationHistoryAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Page<EnvironmentRow>> IDashboardViews.EnvironmentsAsync(string? application, bool includeRemoved, PageRequest page, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<EnvironmentView?> IDashboardViews.EnvironmentAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<SavedConfiguration?> IDashboardViews.EnvironmentConfigurationAsync(string id, ConfigurationVersion? version, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyList<SavedConfiguration>> IDashboardViews.EnvironmentHistoryAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Page<Build>> IDashboardViews.BuildsAsync(string application, PageRequest page, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<BuildView?> IDashboardViews.BuildAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<DeploymentView?> IDashboardViews.DeploymentAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<RunView?> IDashboardViews.RunAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<QueueView> IDashboardViews.QueueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<Page<ActivityRow>> IDashboardViews.ActivityAsync(PageRequest page, CancellationToken cancellationToken) => throw new NotSupportedException();
    Task<IReadOnlyList<SearchHit>> IDashboardViews.SearchAsync(string text, CancellationToken cancellationToken) => throw new NotSupportedException();
}
