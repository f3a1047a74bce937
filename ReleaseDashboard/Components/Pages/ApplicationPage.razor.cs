using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Layout;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Pages;

/// <summary>An application: its environments, builds, deployments and the texts new environments are made from.</summary>
public sealed partial class ApplicationPage
{
    private static readonly string[] Tabs = ["environments", "builds", "deployments", "template", "variables", "history", "clone"];

    private ApplicationView? _view;

    [Parameter] public string Name { get; set; } = "";
    [SupplyParameterFromQuery] public string? Tab { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required PageTrail Trail { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    protected override IReadOnlyCollection<string> Keys => [ChangeKeys.Application(Name), ChangeKeys.Environments];

    private int Index => Math.Max(0, Array.IndexOf(Tabs, Tab));

    private string CloneUrl => $"{Navigation.BaseUri.TrimEnd('/')}{_view!.CloneUrlPath}";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _view = await Views.ApplicationAsync(Name, cancellationToken);
        Trail.Set(new Crumb("Applications", "/applications"), new Crumb(Name, Links.Application(Name), new CrumbSwitch(null)));
    }

    private void GoTo(int index)
    {
        if (index != Index) Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("tab", Tabs[index]), replace: true);
    }

    private Task OpenAsync() => Dialogs.NewEnvironmentAsync(Name, _view!.Application.TrackingBranch);
}
