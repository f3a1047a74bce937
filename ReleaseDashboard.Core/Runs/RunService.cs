using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs.Commands;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The one door for commands, so that rights can be checked in one place. What each does stands in <c>Commands/</c>.</summary>
internal sealed class RunService(
    ApplicationCommands applications,
    ConfigurationCommands configurations,
    BuildCommands builds,
    EnvironmentCommands environments,
    DeployCommands deploys,
    PlanPreview plans) : IRunService
{
    public Task<Outcome<Application>> CreateApplicationAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken) =>
        applications.CreateAsync(request, context, cancellationToken);

    public Task<Outcome<Application>> DeleteApplicationAsync(string application, CommandContext context, CancellationToken cancellationToken) =>
        applications.DeleteAsync(application, context, cancellationToken);

    public Task<Outcome<SavedConfiguration>> SaveApplicationConfigurationAsync(string application, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        configurations.SaveApplicationAsync(application, template, variables, dryRun, context, cancellationToken);

    public Task<Outcome<SavedConfiguration>> SaveEnvironmentConfigurationAsync(string environment, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) =>
        configurations.SaveEnvironmentAsync(environment, template, variables, dryRun, context, cancellationToken);

    public Task<Outcome<Build>> BuildAsync(string application, string reference, CommandContext context, CancellationToken cancellationToken) =>
        builds.BuildAsync(application, reference, context, cancellationToken);

    public Task<Outcome<Build>> RebuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => builds.RebuildAsync(build, context, cancellationToken);

    public Task<Outcome<Deployment>> CreateEnvironmentAsync(NewEnvironment request, CommandContext context, CancellationToken cancellationToken) =>
        environments.CreateAsync(request, context, cancellationToken);

    public Task<Outcome<Deployment>> DeployAsync(string environment, string? commit, long? build, Stage? stage, CommandContext context, CancellationToken cancellationToken) =>
        deploys.DeployAsync(environment, commit, build, stage, context, cancellationToken);

    public Task<Outcome<Deployment>> SetupAsync(string environment, CommandContext context, CancellationToken cancellationToken) => deploys.SetupAsync(environment, context, cancellationToken);

    public Task<Outcome<Deployment>> DeleteEnvironmentAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        environments.DeleteAsync(environment, context, cancellationToken);

    public Task<Outcome<Deployment>> PauseAsync(string environment, CommandContext context, CancellationToken cancellationToken) => environments.PauseAsync(environment, context, cancellationToken);

    public Task<Outcome<Deployment>> ResumeAsync(string environment, CommandContext context, CancellationToken cancellationToken) => deploys.ResumeAsync(environment, context, cancellationToken);

    public Task<Outcome<Deployment>> RunWorkflowAsync(string environment, string workflow, CommandContext context, CancellationToken cancellationToken) =>
        environments.RunWorkflowAsync(environment, workflow, context, cancellationToken);

    public Task<Outcome<ReleaseEnvironment>> ExtendAsync(string environment, CommandContext context, CancellationToken cancellationToken) =>
        environments.ExtendAsync(environment, context, cancellationToken);

    public Task<Outcome<Deployment>> CancelDeploymentAsync(long deployment, CommandContext context, CancellationToken cancellationToken) =>
        builds.CancelDeploymentAsync(deployment, context, cancellationToken);

    public Task<Outcome<Build>> CancelBuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => builds.CancelBuildAsync(build, context, cancellationToken);

    public Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken) => plans.PlanAsync(environment, stage, build, cancellationToken);
}
