using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Components.Applications;

/// <summary>Asks for branch and kind, creates the environment and goes to its page, where its first deployment is followed.</summary>
public sealed partial class NewEnvironmentDialog
{
    private const string FormId = "new-environment";
    private readonly string _key = Guid.NewGuid().ToString("N");
    private string _reference = "";
    private string? _name;
    private bool _isTag;
    private bool _busy;
    private EnvironmentKind _kind = EnvironmentKind.Ephemeral;
    private Refusal? _refusal;

    [Parameter, EditorRequired] public required string Application { get; set; }
    [Parameter, EditorRequired] public required string Branch { get; set; }
    [CascadingParameter] private IMudDialogInstance? Window { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IOptions<CoreOptions> Options { get; init; }

    protected override void OnInitialized() => _reference = Branch;

    private async Task CreateAsync()
    {
        if (_busy || string.IsNullOrWhiteSpace(_reference)) return;
        _busy = true;
        try
        {
            var reference = _reference.Trim();
            var request = new NewEnvironment(Application, _isTag ? null : reference, _isTag ? reference : null, _kind, _kind == EnvironmentKind.Permanent ? _name?.Trim() : null);
            // A refused command is answered the same again under its key, so what was corrected asks anew.
            var outcome = await Commands.Runs.CreateEnvironmentAsync(request, await Commands.ContextAsync("create", $"{_key}-{request.GetHashCode():x}"), CancellationToken.None);
            _refusal = outcome.Refusal;
            if (!outcome.Accepted) return;
            Window?.Close();
            Navigation.NavigateTo(Links.Environment(outcome.Value.Environment));
        }
        finally
        {
            _busy = false;
        }
    }
}
