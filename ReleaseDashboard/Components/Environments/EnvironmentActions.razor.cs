using System.Globalization;
using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Components.Shared;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Environments;

public sealed partial class EnvironmentActions
{
    [Parameter, EditorRequired] public required EnvironmentView View { get; set; }
    [Inject] public required Commands Commands { get; init; }
    [Inject] public required Dialogs Dialogs { get; init; }

    private string Id => View.Environment.Id;

    private bool Alive => View.Environment.Phase is not (EnvironmentPhase.Removed or EnvironmentPhase.TearingDown);

    private bool Asked => View.Current is { Deployment.Status: var status } current && !status.IsFinal() && current.Runs.Any(r => r.Run.CancelRequested);

    /// <summary>The deployment that can be canceled now.</summary>
    private long? Cancelable => View.Current is { Deployment: { } deployment } && !deployment.Status.IsFinal() && !Asked ? deployment.Id : null;

    private async Task SetupAsync() => await Commands.SayAsync("setup", "Setup is queued.", (runs, context) => runs.SetupAsync(Id, context, CancellationToken.None));
    private async Task ExtendAsync() => await Commands.SayAsync("extend", Lives, (runs, context) => runs.ExtendAsync(Id, context, CancellationToken.None));
    private async Task PauseAsync() => await Commands.SayAsync("pause", "Pause is queued.", (runs, context) => runs.PauseAsync(Id, context, CancellationToken.None));
    private async Task ResumeAsync() => await Commands.SayAsync("resume", "Setup is queued; it starts the services again.", (runs, context) => runs.ResumeAsync(Id, context, CancellationToken.None));
    private async Task WorkflowAsync(string workflow) => await Commands.SayAsync("workflow", $"Workflow {workflow} is queued.", (runs, context) => runs.RunWorkflowAsync(Id, workflow, context, CancellationToken.None));

    private static string Lives(ReleaseEnvironment environment) => environment.ExpiresAt is { } at
        ? $"{environment.Id} now lives until {at.UtcDateTime.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC."
        : $"{environment.Id} never expires.";

    private Task CancelAsync() => View.Current is { } current
        ? Commands.SayAsync("cancel", "Cancel is asked for. The run stops where it is and writes its receipt.", (runs, context) => runs.CancelDeploymentAsync(current.Deployment.Id, context, CancellationToken.None))
        : Task.CompletedTask;
}
