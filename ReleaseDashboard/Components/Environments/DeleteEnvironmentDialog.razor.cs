using Microsoft.AspNetCore.Components;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Environments;

/// <summary>Names what will be removed and asks for the environment's id.</summary>
public sealed partial class DeleteEnvironmentDialog
{
    private const string FormId = "delete-environment";
    private readonly string _key = Guid.NewGuid().ToString("N");
    private string _typed = "";
    private bool _busy;
    private Refusal? _refusal;

    [Parameter, EditorRequired] public required EnvironmentView View { get; set; }
    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required IEnvironmentObserver Observer { get; init; }

    private bool Confirmed => _typed.Trim() == View.Environment.Id;

    private IEnumerable<string> Removed()
    {
        var instances = View.Services.Sum(s => s.Instances.Count);
        yield return $"{Words.Count(instances, "instance")} of {Words.Count(View.Services.Count, "service")}{(View.Services.Count == 0 ? "" : $" ({string.Join(", ", View.Services.Select(s => s.Name))})")}";
        if (Observer.Last(View.Environment.Id) is { } seen)
            yield return seen.Volumes.Count == 0 ? "no volume" : $"{Words.Count(seen.Volumes.Count, "volume")} with all data ({string.Join(", ", seen.Volumes)})";
        yield return "its network, configuration files and jobs";
        if (View.Urls.Count > 0) yield return $"{Words.Count(View.Urls.Count, "URL")}: {string.Join(", ", View.Urls.Select(u => u.Url))}";
    }

    private async Task DeleteAsync()
    {
        if (_busy || !Confirmed) return;
        _busy = true;
        try
        {
            var outcome = await Commands.Runs.DeleteEnvironmentAsync(View.Environment.Id, await Commands.ContextAsync("delete", _key), CancellationToken.None);
            _refusal = outcome.Refusal;
            if (outcome.Accepted) Window?.Close();
        }
        finally
        {
            _busy = false;
        }
    }
}
