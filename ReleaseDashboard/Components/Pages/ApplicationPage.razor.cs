using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Pages;

/// <summary>An application: its environments, builds, deployments and the texts new environments are made from.</summary>
public sealed partial class ApplicationPage
{
    private ApplicationView? _view;

    [Parameter] public string Name { get; set; } = "";
    [SupplyParameterFromQuery] public string? Tab { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required PageTrail Trail { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    protected override IReadOnlyCollection<string> Keys => [ChangeKeys.Application(Name), ChangeKeys.Environments];

    private TabBar.Tab[] Tabs =>
    [
        new("environments", "Environments"), new("builds", "Builds"), new("deployments", "Deployments"), new("template", "Template"), new("variables", "Variables"), new("history", "History"),
        .. _view?.CloneUrlPath is null ? Array.Empty<TabBar.Tab>() : [new("clone", "Clone and push")],
    ];

    private string Current => Tabs.Any(t => t.Slug == Tab) ? Tab! : "environments";

    private string CloneUrl => $"{Navigation.BaseUri.TrimEnd('/')}{_view!.CloneUrlPath}";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Views.ApplicationAsync(Name, cancellationToken);
        Trail.Set(new Crumb("Applications", "/applications"), new Crumb(Name, Links.Application(Name), new CrumbSwitch(null)));
    }

    private Task OpenAsync() => Dialogs.NewEnvironmentAsync(Name, _view!.Application.TrackingBranch);
}
