using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Environments;

/// <summary>Edits one of the two texts of an application or an environment: checked while typing, saved as a new version.</summary>
public sealed partial class ConfigurationTab
{
    private SavedConfiguration? _saved;
    private IReadOnlyList<TemplateDiagnostic> _problems = [];
    private Refusal? _refusal;
    private string _text = "";
    private string _typed = "";
    private bool _checking;
    private bool _restored;
    private int _asked;
    private YamlEditor? _editor;
    private int _version; // A new editor for every text that was read or discarded.

    [Parameter, EditorRequired] public required string Application { get; set; }

    /// <summary>Null for the application's own.</summary>
    [Parameter] public string? Environment { get; set; }

    [Parameter, EditorRequired] public required ConfigurationPart Part { get; set; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }
    [Inject] public required ISnackbar Snackbar { get; init; }

    private string Heading => (Part, Environment) switch
    {
        (ConfigurationPart.Template, null) => "Application Template",
        (ConfigurationPart.Template, _) => $"{Environment}’s own copy of the Application Template",
        (_, null) => "Environment Variables Template",
        _ => $"{Environment}’s own copy of the Environment Variables Template",
    };

    private bool Changed => _saved is not null && _typed != Text(_saved);

    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        _saved = Environment is { } environment
            ? await Views.EnvironmentConfigurationAsync(environment, null, CancellationToken.None)
            : await Views.ApplicationConfigurationAsync(Application, null, CancellationToken.None);
        Discard();
    }

    private string Text(SavedConfiguration saved) => Part == ConfigurationPart.Template ? saved.Text.Template : saved.Text.Variables;

    private void Discard()
    {
        if (_saved is null) return;
        _text = _typed = Text(_saved);
        (_problems, _refusal, _checking, _restored) = ([], null, false, false);
        _asked++; // A check of what was typed before is not waited for.
        _version++;
    }

    private async Task DiscardAsync()
    {
        if (_editor is not null) await _editor.ForgetAsync();
        Discard();
    }

    private async Task TypedAsync(string text)
    {
        _typed = text;
        _checking = true;
        StateHasChanged();
        var asked = ++_asked;
        var outcome = await SendAsync(dryRun: true);
        if (asked != _asked) return; // A newer text is being checked.
        _checking = false;
        _problems = outcome.Refusal?.Diagnostics ?? [];
        _refusal = outcome.Refusal is { Diagnostics: null or { Count: 0 } } refusal ? refusal : null;
    }

    private async Task SaveAsync()
    {
        _typed = await (_editor?.ReadAsync() ?? Task.FromResult<string?>(null)) ?? _typed;
        _asked++; // A check that still runs is of an older text.
        _checking = false;
        var outcome = await SendAsync(dryRun: false);
        _problems = outcome.Refusal?.Diagnostics ?? [];
        _refusal = outcome.Refusal is { Diagnostics: null or { Count: 0 } } refusal ? refusal : null;
        StateHasChanged(); // The event is the button's: only the button renders by itself.
        if (!outcome.Accepted) return;
        Snackbar.Add(Environment is null ? $"Version {outcome.Value.Version.Default} is saved." : $"Configuration {outcome.Value.Version} is saved. Run setup to apply it.", Severity.Success);
        if (_editor is not null) await _editor.ForgetAsync();
        await ReadAsync();
        StateHasChanged();
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext context)
    {
        if (!Changed) return;
        if (!await Dialogs.LeaveAsync()) context.PreventNavigation();
        else if (_editor is not null) await _editor.ForgetAsync();
    }

    private async Task<Outcome<SavedConfiguration>> SendAsync(bool dryRun)
    {
        var (template, variables) = Part == ConfigurationPart.Template ? (_typed, (string?)null) : (null, _typed);
        var context = await Commands.ContextAsync("save", Guid.NewGuid().ToString("N"));
        return Environment is { } environment
            ? await Commands.Runs.SaveEnvironmentConfigurationAsync(environment, template, variables, dryRun, context, CancellationToken.None)
            : await Commands.Runs.SaveApplicationConfigurationAsync(Application, template, variables, dryRun, context, CancellationToken.None);
    }
}
