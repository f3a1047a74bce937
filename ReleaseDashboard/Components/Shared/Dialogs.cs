using MudBlazor;
using ReleaseDashboard.Components.Applications;
using ReleaseDashboard.Components.Builds;
using ReleaseDashboard.Components.Environments;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Shared;

/// <summary>Opens the dialogs, so that every page opens them alike.</summary>
public sealed class Dialogs(IDialogService windows)
{
    // js/shell.js puts the focus on the first field, and lets Enter press the submit button wherever the focus is.
    private static readonly DialogOptions Plain = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.Small, CloseOnNavigation = true };

    public Task CreateApplicationAsync() =>
        windows.ShowAsync<CreateApplicationDialog>("New application", Plain);

    /// <param name="branch">The application's tracking branch.</param>
    public Task NewEnvironmentAsync(string application, string branch) =>
        windows.ShowAsync<NewEnvironmentDialog>($"New environment of {application}", new DialogParameters<NewEnvironmentDialog> { { d => d.Application, application }, { d => d.Branch, branch } }, Plain);

    public Task DeleteApplicationAsync(Application application) =>
        windows.ShowAsync<DeleteApplicationDialog>($"Delete {application.Name}", new DialogParameters<DeleteApplicationDialog> { { d => d.Application, application } }, Plain);

    public Task DeployAsync(EnvironmentView view) =>
        windows.ShowAsync<DeployDialog>($"Deploy to {view.Environment.Id}", new DialogParameters<DeployDialog> { { d => d.View, view } }, Plain);

    public Task DeleteEnvironmentAsync(EnvironmentView view) =>
        windows.ShowAsync<DeleteEnvironmentDialog>($"Delete {view.Environment.Id}", new DialogParameters<DeleteEnvironmentDialog> { { d => d.View, view } }, Plain);

    public Task ConfigurationChangesAsync(ReleaseEnvironment environment) =>
        windows.ShowAsync<ConfigurationChangesDialog>($"{environment.Applied} running, {environment.Saved} saved", new DialogParameters<ConfigurationChangesDialog> { { d => d.Environment, environment } }, Plain with { MaxWidth = MaxWidth.Medium });

    public Task DeployBuildAsync(BuildView view) =>
        windows.ShowAsync<DeployBuildDialog>($"Deploy build {view.Build.Id}", new DialogParameters<DeployBuildDialog> { { d => d.View, view } }, Plain);

    /// <summary>True to make the token although one of its name exists.</summary>
    public async Task<bool> ReplaceTokenAsync(string name) =>
        await windows.ShowMessageBoxAsync($"Replace token {name}?", $"A token {name} exists. A new one takes its place, and what uses the old one is refused from then on.", yesText: "Replace", cancelText: "Keep it") == true;

    public async Task<bool> RevokeTokenAsync(string name) =>
        await windows.ShowMessageBoxAsync($"Revoke token {name}?", $"What uses {name}, for the API or as the password of git, is refused from then on. It cannot be undone.", yesText: "Revoke", cancelText: "Keep it") == true;

    /// <summary>Asked before a page is left on which something was typed and not saved. True to leave.</summary>
    public async Task<bool> LeaveAsync() =>
        await windows.ShowMessageBoxAsync("Leave without saving?", "What you typed here is not saved and would be lost.", yesText: "Leave", cancelText: "Stay") == true;
}
