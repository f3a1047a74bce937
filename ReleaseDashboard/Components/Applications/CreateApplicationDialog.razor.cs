using Microsoft.AspNetCore.Components;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Components.Applications;

/// <summary>Creates an application and goes to its page. What git or the rules refuse stands in the dialog.</summary>
public sealed partial class CreateApplicationDialog
{
    private const string FormId = "create-application";
    private readonly string _key = Guid.NewGuid().ToString("N");
    private string _name = "";
    private string _repository = "";
    private string? _branch;
    private bool _hosted;
    private bool _busy;
    private Refusal? _refusal;

    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    private bool Complete => !string.IsNullOrWhiteSpace(_name) && (_hosted || !string.IsNullOrWhiteSpace(_repository));

    private async Task CreateAsync()
    {
        if (_busy || !Complete) return;
        _busy = true;
        try
        {
            var request = new NewApplication(_name.Trim(), _hosted ? null : _repository.Trim(), string.IsNullOrWhiteSpace(_branch) ? null : _branch.Trim(), null, null);
            var outcome = await Commands.Runs.CreateApplicationAsync(request, await Commands.ContextAsync("create", $"{_key}-{request.GetHashCode():x}"), CancellationToken.None);
            _refusal = outcome.Refusal;
            if (!outcome.Accepted) return;
            Window?.Close();
            Navigation.NavigateTo(Links.Application(outcome.Value.Name));
        }
        finally
        {
            _busy = false;
        }
    }
}
