using Microsoft.AspNetCore.Components;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Builds;

/// <summary>Deploys one build to the environments that are chosen; each is a deployment of its own.</summary>
public sealed partial class DeployBuildDialog
{
    private const string FormId = "deploy-build";
    private readonly string _key = Guid.NewGuid().ToString("N");
    private readonly SortedSet<string> _chosen = [];
    private readonly Dictionary<string, Refusal> _refused = [];
    private bool _busy;

    [Parameter, EditorRequired] public required BuildView View { get; set; }
    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized()
    {
        foreach (var row in View.DeployableTo.Where(r => r.Environment.Branch == View.Build.Branch && r.Environment.BuildId != View.Build.Id)) _chosen.Add(row.Environment.Id);
        if (_chosen.Count == 0 && View.DeployableTo is [var only]) _chosen.Add(only.Environment.Id);
    }

    private void Choose(string environment, bool on)
    {
        if (on) _chosen.Add(environment);
        else _chosen.Remove(environment);
    }

    private async Task DeployAsync()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            _refused.Clear();
            Deployment? last = null;
            foreach (var environment in _chosen.ToList())
            {
                var context = await Commands.ContextAsync("deploy", $"{_key}-{environment}");
                var outcome = await Commands.Runs.DeployAsync(environment, null, View.Build.Id, null, context, CancellationToken.None);
                if (outcome.Accepted) last = outcome.Value;
                else _refused[environment] = outcome.Refusal;
            }

            if (_refused.Count > 0 || last is null) return;
            Window?.Close();
            if (_chosen.Count == 1) Navigation.NavigateTo(Links.Environment(last.Environment));
        }
        finally
        {
            _busy = false;
        }
    }
}
