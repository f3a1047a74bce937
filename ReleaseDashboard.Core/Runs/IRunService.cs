using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// Every command there is. Each checks the rules, writes everything in one transaction and returns in milliseconds; a worker does the work.
/// An accepted command survives <c>kill -9</c>. With the same <see cref="CommandContext.IdempotencyKey"/> a command is carried out once and answers the same again.
/// </summary>
public interface IRunService
{
    Task<Outcome<Application>> CreateApplicationAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Application>> DeleteApplicationAsync(string application, CommandContext context, CancellationToken cancellationToken);

    /// <summary>Saves an application's template or variables as a new version (null keeps the present text). Existing environments are not touched.</summary>
    Task<Outcome<SavedConfiguration>> SaveApplicationConfigurationAsync(string application, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken);

    /// <summary>Saves an environment's own template or variables; applied by the next setup.</summary>
    Task<Outcome<SavedConfiguration>> SaveEnvironmentConfigurationAsync(string environment, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken);

    Task<Outcome<Build>> BuildAsync(string application, string reference, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Build>> RebuildAsync(long build, CommandContext context, CancellationToken cancellationToken);

    /// <summary>Creates the environment and its first deployment (build if needed, setup).</summary>
    Task<Outcome<Deployment>> CreateEnvironmentAsync(NewEnvironment request, CommandContext context, CancellationToken cancellationToken);

    /// <summary>Build if needed, then patch; setup instead where setup has never succeeded. Without commit and build: newest commit of the branch.</summary>
    /// <param name="stage"><see cref="Stage.Patch"/> asks for patch by name and is refused with <c>setup_required</c> before setup; null lets the rules choose.</param>
    Task<Outcome<Deployment>> DeployAsync(string environment, string? commit, long? build, Stage? stage, CommandContext context, CancellationToken cancellationToken);

    Task<Outcome<Deployment>> SetupAsync(string environment, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Deployment>> DeleteEnvironmentAsync(string environment, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Deployment>> PauseAsync(string environment, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Deployment>> ResumeAsync(string environment, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Deployment>> RunWorkflowAsync(string environment, string workflow, CommandContext context, CancellationToken cancellationToken);

    /// <summary>Moves the expiry of an ephemeral environment to now + the configured life.</summary>
    Task<Outcome<ReleaseEnvironment>> ExtendAsync(string environment, CommandContext context, CancellationToken cancellationToken);

    Task<Outcome<Deployment>> CancelDeploymentAsync(long deployment, CommandContext context, CancellationToken cancellationToken);
    Task<Outcome<Build>> CancelBuildAsync(long build, CommandContext context, CancellationToken cancellationToken);

    /// <summary>What a stage would do now; nothing is done.</summary>
    /// <param name="build">The build that would be deployed; null for what the command chooses itself: deploy the newest commit, setup what runs or is on its way.</param>
    Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken);
}

public sealed record CommandContext(Actor Actor, string Trigger, string? IdempotencyKey = null);

/// <param name="Repository">Null for one hosted by the dashboard.</param>
/// <param name="Template">Null: taken from the repository (<c>.release/application_template.yaml</c>) or generated from its Dockerfile.</param>
public sealed record NewApplication(string Name, string? Repository, string? TrackingBranch, string? Template, string? Variables);

/// <param name="Branch">Branch or tag.</param>
/// <param name="Name">For a permanent environment.</param>
public sealed record NewEnvironment(string Application, string? Branch, string? Tag, EnvironmentKind Kind, string? Name, IReadOnlyDictionary<string, string>? Parameters = null);
