using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Views;

/// <summary>What pages and API show: reads only, each in a few milliseconds, small records. Lists are newest first.</summary>
public interface IDashboardViews
{
    Task<OverviewView> OverviewAsync(CancellationToken cancellationToken);
    Task<Page<ApplicationRow>> ApplicationsAsync(PageRequest page, CancellationToken cancellationToken);
    Task<ApplicationView?> ApplicationAsync(string name, CancellationToken cancellationToken);

    /// <summary>Text for the editor: secret values left out. Null version is the newest.</summary>
    Task<SavedConfiguration?> ApplicationConfigurationAsync(string name, int? version, CancellationToken cancellationToken);

    Task<IReadOnlyList<SavedConfiguration>> ApplicationHistoryAsync(string name, CancellationToken cancellationToken);

    /// <param name="application">Null for all.</param>
    Task<Page<EnvironmentRow>> EnvironmentsAsync(string? application, bool includeRemoved, PageRequest page, CancellationToken cancellationToken);

    Task<EnvironmentView?> EnvironmentAsync(string id, CancellationToken cancellationToken);
    Task<SavedConfiguration?> EnvironmentConfigurationAsync(string id, ConfigurationVersion? version, CancellationToken cancellationToken);
    Task<IReadOnlyList<SavedConfiguration>> EnvironmentHistoryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Branches and tags as last fetched, at most 1,000, the branches first. Empty when the repository cannot be read.</summary>
    Task<IReadOnlyList<GitRef>> RefsAsync(string application, CancellationToken cancellationToken);

    Task<Page<Build>> BuildsAsync(string application, PageRequest page, CancellationToken cancellationToken);
    Task<BuildView?> BuildAsync(long id, CancellationToken cancellationToken);

    /// <param name="environment">Null for all of the application; both null for all.</param>
    Task<Page<Deployment>> DeploymentsAsync(string? application, string? environment, PageRequest page, CancellationToken cancellationToken);

    Task<DeploymentView?> DeploymentAsync(long id, CancellationToken cancellationToken);
    Task<RunView?> RunAsync(long id, CancellationToken cancellationToken);
    Task<QueueView> QueueAsync(CancellationToken cancellationToken);
    Task<Page<ActivityRow>> ActivityAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>Applications, environments, builds by sha, deployments whose name holds the text; at most 20.</summary>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string text, CancellationToken cancellationToken);
}

/// <param name="Cursor">As answered by the page before; null for the first.</param>
public sealed record PageRequest(int Limit = 50, string? Cursor = null)
{
    /// <summary>True for what a page may have answered as its <see cref="Page{T}.NextCursor"/>.</summary>
    public static bool IsCursor(string text) => Views.Cursor.TryRead(text, out _);
}

public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <param name="Failed">Of environments that live: their newest deployment that succeeded or failed, where it failed.</param>
public sealed record OverviewView(
    IReadOnlyList<QueueRow> Running,
    IReadOnlyList<QueueRow> Waiting,
    IReadOnlyList<Deployment> Failed,
    IReadOnlyList<EnvironmentRow> ExpiringSoon,
    IReadOnlyList<EnvironmentRow> Environments,
    int ApplicationCount)
{
    /// <summary>Of the branches that applications and environments follow: the newest build that succeeded or failed, where it failed and no deployment above says so.</summary>
    public IReadOnlyList<Build> FailedBuilds { get; init; } = [];
}

public sealed record ApplicationRow(Application Application, int Environments, Build? LastBuild);

/// <param name="CloneUrlPath">Path of the hosted remote (<c>/git/shop.git</c>); null when the repository is elsewhere.</param>
public sealed record ApplicationView(Application Application, string? CloneUrlPath, IReadOnlyList<EnvironmentRow> Environments, IReadOnlyList<string> EnvironmentKinds);

public sealed record EnvironmentRow(ReleaseEnvironment Environment, IReadOnlyList<ServiceUrl> Urls, Stage? RunningStage, GitCommit? Commit);

public sealed record ServiceUrl(string Service, string Url);

/// <param name="Current">Newest deployment, running or not.</param>
/// <param name="Observed">What the engine last showed.</param>
/// <param name="CustomWorkflows">Names that can be run by hand.</param>
/// <param name="NewerCommit">Set when the tracked branch is ahead of what runs.</param>
public sealed record EnvironmentView(
    ReleaseEnvironment Environment,
    IReadOnlyList<ServiceUrl> Urls,
    IReadOnlyList<ServiceView> Services,
    DeploymentView? Current,
    GitCommit? Commit,
    GitCommit? NewerCommit,
    IReadOnlyList<string> CustomWorkflows,
    string? EngineMessage);

/// <param name="Desired">Number of instances there should be.</param>
public sealed record ServiceView(string Name, string Image, int Desired, HealthStatus Health, IReadOnlyList<InstanceView> Instances);

public sealed record InstanceView(ObservedInstance Instance, HealthStatus Health, InstanceUsage? Usage);

public sealed record BuildView(Build Build, Run Run, IReadOnlyList<BuildProgress> Progress, IReadOnlyList<DeploymentStage> Attempts, Build? Previous, IReadOnlyList<EnvironmentRow> DeployableTo, long? PositionInQueue, IReadOnlyList<RunFinding>? Findings = null);

/// <param name="Runs">One for each stage, same order.</param>
public sealed record DeploymentView(Deployment Deployment, ReleaseEnvironment Environment, IReadOnlyList<RunView> Runs, GitCommit? Commit);

/// <param name="Typical">Median duration of the last succeeded runs of this stage and environment.</param>
/// <param name="Findings">What somebody should mend; null for none.</param>
public sealed record RunView(Run Run, IReadOnlyList<RunStep> Steps, TimeSpan? Typical, IReadOnlyList<RunFinding>? Findings = null);

public sealed record QueueView(IReadOnlyList<QueueRow> Running, IReadOnlyList<QueueRow> Waiting, IReadOnlyList<QueueRow> Recent, int Slots);

/// <param name="Position">1 is next; 0 when running or ended.</param>
/// <param name="WaitsFor">In a sentence: "build 12 of shop", "ted1bc4 is being patched by deployment 128", "a free slot (4 of 4 busy)".</param>
/// <param name="ExpectedWait">From own history; null when there is none.</param>
public sealed record QueueRow(Run Run, int Position, string? WaitsFor, long? HolderRunId, TimeSpan? ExpectedWait, TimeSpan? Typical);

public sealed record ActivityRow(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Link);

public sealed record SearchHit(string Kind, string Title, string Subtitle, string Link);
