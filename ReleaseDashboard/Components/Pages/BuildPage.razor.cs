using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Pages;

/// <summary>What was built, step by step, and what can be done with it.</summary>
public sealed partial class BuildPage
{
    private BuildView? _view;

    [Parameter] public long Id { get; set; }
    [SupplyParameterFromQuery] public long? Line { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required PageTrail Trail { get; init; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    protected override IReadOnlyCollection<string> Keys => _view is { } view ? [ChangeKeys.Build(Id), ChangeKeys.Run(view.Run.Id)] : [ChangeKeys.Build(Id)];

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Views.BuildAsync(Id, cancellationToken);
        if (_view is not null) Trail.Set(new Crumb(_view.Build.Application, Links.Application(_view.Build.Application), new CrumbSwitch(null)), new Crumb($"build {Id}", Links.Build(Id)));
    }

    private async Task RebuildAsync()
    {
        var outcome = await Commands.SayAsync("rebuild", (string?)null, (runs, context) => runs.RebuildAsync(Id, context, CancellationToken.None));
        if (outcome.Accepted) Navigation.NavigateTo(Links.Build(outcome.Value.Id));
    }

    internal static string Sentence(BuildView view)
    {
        var steps = view.Progress.Sum(p => p.Steps.Count);
        var cached = view.Progress.Sum(p => p.Steps.Count(s => s.Cached));
        var took = view.Build is { StartedAt: { } from, FinishedAt: { } to } ? $" in {Words.Duration(to - from)}" : "";
        var cache = steps > 0 ? $", {cached} of {steps} steps from cache" : "";
        return view.Build.Status switch
        {
            RunStatus.Queued => Waiting(view),
            RunStatus.Running => $"Building{cache}",
            RunStatus.Succeeded => $"Built{took}{cache}",
            RunStatus.Failed => $"Failed{took}",
            RunStatus.Canceled => $"Canceled{took}",
            _ => "Superseded by a newer commit",
        };
    }

    private static string Waiting(BuildView view) =>
        $"Waiting{(view.PositionInQueue is { } place and > 0 ? $", place {place} in the queue" : "")}{(view.Run.Waiting is { } reason ? $": {reason}" : "")}";
}
