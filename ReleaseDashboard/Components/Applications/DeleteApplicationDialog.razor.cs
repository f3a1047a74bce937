using Microsoft.AspNetCore.Components;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Applications;

/// <summary>Names what goes with an application and asks for its name. What the rules refuse stands in the dialog.</summary>
public sealed partial class DeleteApplicationDialog
{
    private const string FormId = "delete-application";
    private const int Counted = 100;
    private string _key = NewKey();
    private string _typed = "";
    private bool _busy;
    private Refusal? _refusal;
    private Page<Build>? _builds;
    private Page<EnvironmentRow>? _environments;

    [Parameter, EditorRequired] public required Application Application { get; set; }
    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required ISnackbar Snackbar { get; init; }

    private bool Confirmed => _typed.Trim() == Application.Name;

    /// <summary>True until it is known that no environment lives.</summary>
    private bool Blocked => _environments is not { Items.Count: 0 };

    protected override async Task OnInitializedAsync()
    {
        _environments = await Views.EnvironmentsAsync(Application.Name, includeRemoved: false, new PageRequest(Counted), CancellationToken.None);
        _builds = await Views.BuildsAsync(Application.Name, new PageRequest(Counted), CancellationToken.None);
    }

    private IEnumerable<string> Removed()
    {
        yield return Application.Hosted
            ? "the repository hosted here, with every commit that is nowhere else"
            : $"the copy of its repository here; {Application.Repository} itself is not touched";
        if (_builds is { } builds)
            yield return builds.Items.Count == 0 ? "no build" : $"{(builds.NextCursor is null ? "" : "more than ")}{Words.Count(builds.Items.Count, "build")} with {(builds.Items.Count == 1 ? "its log" : "their logs")}";
        yield return "its template and variables, with all their versions";
    }

    private async Task DeleteAsync()
    {
        if (_busy || Blocked || !Confirmed) return;
        _busy = true;
        try
        {
            var outcome = await Commands.Runs.DeleteApplicationAsync(Application.Name, await Commands.ContextAsync("delete", _key), CancellationToken.None);
            _refusal = outcome.Refusal;
            if (!outcome.Accepted)
            {
                _key = NewKey(); // What refused it may be gone at the next try.
                return;
            }

            Window?.Close();
            Snackbar.Add($"Application {Application.Name} is deleted.", Severity.Success);
            Navigation.NavigateTo("/applications");
        }
        finally
        {
            _busy = false;
        }
    }

    private static string NewKey() => Guid.NewGuid().ToString("N");
}
