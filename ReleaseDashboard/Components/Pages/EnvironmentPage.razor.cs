using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Environments;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Pages;

/// <summary>Is it well? What is running? What changed? What can I do? In this order, and live.</summary>
public sealed partial class EnvironmentPage
{
    private readonly UsageHistory _history = new();
    private EnvironmentView? _view;
    private string? _asked;
    private bool _firstSetupEnded;
    private bool _applying;

    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromQuery] public string? Tab { get; set; }

    /// <summary>Here rather than in the tab: a component that comes with a change of the address cannot listen for it yet.</summary>
    [SupplyParameterFromQuery] public string? Output { get; set; }

    /// <summary><c>deploy</c> opens the panel: what the search's command "deploy …" leads to.</summary>
    [SupplyParameterFromQuery] public string? Do { get; set; }

    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required PageTrail Trail { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }

    protected override IReadOnlyCollection<string> Keys => [ChangeKeys.Environment(Id), ChangeKeys.Engine];

    /// <summary>CPU and memory move without anything having changed.</summary>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(5);

    /// <summary>The run to watch: the one that runs or comes next, so that its first line finds its reader already there; else the last one that began.</summary>
    private RunView? ActiveRun => _view?.Current?.Runs is { Count: > 0 } runs
        ? runs.FirstOrDefault(r => !r.Run.Status.IsFinal()) ?? runs.LastOrDefault(r => r.Run.StartedAt is not null) ?? runs[0]
        : null;

    /// <summary>What the first setup is bringing, while nothing runs yet.</summary>
    private DeploymentView? Coming => _view is { Environment: { Commit: null, RemovedAt: null }, Current: { } current } && !current.Deployment.Status.IsFinal() ? current : null;

    private bool OnItsWay(GitCommit commit) => _view?.Current?.Deployment is { } current && !current.Status.IsFinal() && current.Commit == commit.Sha;

    /// <summary>What is stopped on purpose is not missing.</summary>
    private bool Pausing => _view!.Current?.Runs.Any(r => r.Run is { Stage: Stage.Pause, Status: RunStatus.Running }) == true;

    private string State => Pausing
        ? "Pausing · instances are being stopped"
        : _firstSetupEnded ? "Pending · its first setup has not succeeded; Deploy or Run setup starts it" : Words.Sentence(_view!.Environment);

    /// <summary>What colours the sentence: the phase, unless it is well and something in it is not.</summary>
    private Enum Mood => Pausing ? RunStatus.Running : _view!.Environment switch
    {
        { Phase: EnvironmentPhase.Ready, Health: not HealthStatus.Healthy } e => e.Health,
        { Phase: EnvironmentPhase.Ready, Sync: SyncStatus.OutOfSync } e => e.Sync,
        var e => e.Phase,
    };

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Views.EnvironmentAsync(Id, cancellationToken);
        if (_view is null) return;
        _history.Add(_view);
        _firstSetupEnded = await FirstSetupEndedAsync(_view, cancellationToken);
        _applying = await ApplyingAsync(_view.Environment, cancellationToken);
        var application = _view.Environment.Application;
        Trail.Set(new Crumb(application, Links.Application(application), new CrumbSwitch(null)), new Crumb(Id, Links.Environment(Id), new CrumbSwitch(application)));
    }

    // Pending, and nothing is on its way that would change it.
    private async Task<bool> FirstSetupEndedAsync(EnvironmentView view, CancellationToken cancellationToken) =>
        view is { Environment.Phase: EnvironmentPhase.Pending, Current.Deployment.Status: not RunStatus.Succeeded } && view.Current.Deployment.Status.IsFinal()
        && (await Views.DeploymentsAsync(null, Id, new PageRequest(20), cancellationToken)).Items.All(d => d.Status.IsFinal());

    /// <summary>True when a setup is queued or running that takes the saved configuration: one that began before the save does not.</summary>
    private async Task<bool> ApplyingAsync(ReleaseEnvironment environment, CancellationToken cancellationToken)
    {
        if (environment.Applied is not { } applied || applied == environment.Saved) return false;
        var setups = (await Views.DeploymentsAsync(null, Id, new PageRequest(20), cancellationToken)).Items
            .SelectMany(d => d.Stages).Where(s => s.Stage == Stage.Setup && !s.Status.IsFinal()).ToList();
        if (setups.Count == 0) return false;
        var saved = await Views.EnvironmentConfigurationAsync(Id, null, cancellationToken);
        return setups.Any(s => s.StartedAt is not { } started || started >= saved?.SavedAt);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_view is null || Do != "deploy" || _asked == Id) return;
        _asked = Id;
        await Dialogs.DeployAsync(_view);
    }
}
