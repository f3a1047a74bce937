using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Pages;

/// <summary>One request to change an environment: its stages, steps and tasks, the log of what is chosen, the receipt. What is chosen stands in the address.</summary>
public sealed partial class DeploymentPage
{
    private DeploymentView? _view;

    [Parameter] public long Id { get; set; }
    [SupplyParameterFromQuery(Name = "stage")] public string? StageName { get; set; }
    [SupplyParameterFromQuery(Name = "task")] public string? TaskName { get; set; }
    [SupplyParameterFromQuery] public long? Line { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required PageTrail Trail { get; init; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    protected override IReadOnlyCollection<string> Keys => [ChangeKeys.Deployment(Id), .. _view?.Runs.Select(r => ChangeKeys.Run(r.Run.Id)) ?? []];

    /// <summary>The stage of the address; else what runs, what failed, or the last that began.</summary>
    private RunView? Chosen => _view?.Runs.FirstOrDefault(r => r.Run.Stage.Word() == StageName)
        ?? _view?.Runs.FirstOrDefault(r => r.Run.Status is RunStatus.Running or RunStatus.Failed)
        ?? _view?.Runs.LastOrDefault(r => r.Run.StartedAt is not null)
        ?? (_view?.Runs is [var first, ..] ? first : null);

    private string FailedStage => _view!.Runs.FirstOrDefault(r => r.Run.Status == RunStatus.Failed)?.Run.Stage.Word() ?? "build";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Views.DeploymentAsync(Id, cancellationToken);
        if (_view is not { Deployment: { } deployment }) return;
        Trail.Set(
            new Crumb(deployment.Application, Links.Application(deployment.Application), new CrumbSwitch(null)),
            new Crumb(deployment.Environment, Links.Environment(deployment.Environment), new CrumbSwitch(deployment.Application)),
            new Crumb($"deployment {Id}", Links.Deployment(Id)));
    }

    private void Select(string? task) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["stage"] = Chosen?.Run.Stage.Word(), ["task"] = task, ["line"] = null }), replace: true);

    private async Task CancelAsync() =>
        await Commands.SayAsync("cancel", "Cancel is asked for. The run stops where it is and writes its receipt.", (runs, context) => runs.CancelDeploymentAsync(Id, context, CancellationToken.None));
}
