using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Applications;

/// <summary>Asks for branch and kind, creates the environment and goes to its page, where its first deployment is followed.</summary>
public sealed partial class NewEnvironmentDialog
{
    private const string FormId = "new-environment";
    private const string ListId = "branches-and-tags";
    private const int Shown = 100;
    private readonly string _key = Guid.NewGuid().ToString("N");
    private IReadOnlyList<GitRef> _refs = [];
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
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IOptions<CoreOptions> Options { get; init; }

    private IEnumerable<GitRef> Suggested
    {
        get
        {
            var exact = _refs.Any(r => r.Name == _reference);
            return _refs.Where(r => exact || r.Name.Contains(_reference.Trim(), StringComparison.OrdinalIgnoreCase)).Take(Shown);
        }
    }

    private string Help => _refs.Count < 2
        ? "Pushes to a branch patch the environment; a tag never moves."
        : $"Pushes to a branch patch the environment; a tag never moves. Empty the field to see {Known}.";

    private string Known => string.Join(" and ", new[] { (Count: _refs.Count(r => !r.IsTag), One: "branch", Many: "branches"), (Count: _refs.Count(r => r.IsTag), One: "tag", Many: "tags") }
        .Where(k => k.Count > 0).Select(k => k.Count == 1 ? $"the {k.One}" : $"all {k.Count} {k.Many}"));

    protected override void OnInitialized() => _reference = Branch;

    protected override async Task OnInitializedAsync() => _refs = await Views.RefsAsync(Application, CancellationToken.None);

    // Whether it is a tag is known of what is known, and asked of what is not.
    private void Choose(string? text)
    {
        _reference = text ?? "";
        if (_refs.Any(r => r.Name == _reference)) _isTag = _refs.Where(r => r.Name == _reference).All(r => r.IsTag);
    }

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
