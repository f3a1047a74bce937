using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Tests.Triggers;

/// <summary>Accepts builds and deployments and remembers them; keeps idempotency keys like the real one.</summary>
internal sealed class RecordingRuns : IRunService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, object> _answered = [];

    public List<(string Environment, string? Commit, CommandContext Context)> Deployments { get; } = [];
    public List<(string Application, string Reference, CommandContext Context)> Builds { get; } = [];
    public List<NewApplication> Applications { get; } = [];
    public List<Deployment> Accepted { get; } = [];

    /// <summary>Set: every deployment is refused with it.</summary>
    public Refusal? Refusal { get; set; }

    public int Refused { get; private set; }

    /// <summary>Set: the next command fails with it after it was carried out, as if the process had died there.</summary>
    public Exception? DieAfter { get; set; }

    public Task<Outcome<Deployment>> DeployAsync(string environment, string? commit, long? build, Stage? stage, CommandContext context, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Refusal is not null)
            {
                Refused++;
                return Task.FromResult<Outcome<Deployment>>(Refusal);
            }

            if (!_answered.TryGetValue(context.IdempotencyKey!, out var known))
            {
                Deployments.Add((environment, commit, context));
                var at = DateTimeOffset.UnixEpoch;
                var deployment = new Deployment(Accepted.Count + 1, environment, "shop", RunStatus.Queued, context.Trigger, context.Actor.Name, commit, null, at, null,
                    [new DeploymentStage(Stage.Build, RunStatus.Queued, 1, at, null, null), new DeploymentStage(Stage.Patch, RunStatus.Queued, 2, at, null, null)], null);
                Accepted.Add(deployment);
                _answered[context.IdempotencyKey!] = known = deployment;
            }

            if (DieAfter is { } death)
            {
                DieAfter = null;
                throw death;
            }

            return Task.FromResult<Outcome<Deployment>>((Deployment)known);
        }
    }

    public Task<Outcome<Build>> BuildAsync(string application, string reference, CommandContext context, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Builds.Add((application, reference, context));
            return Task.FromResult<Outcome<Build>>(new Build(Builds.Count, application, reference, "main", "Ada", "", "", RunStatus.Queued, context.Trigger, context.Actor.Name, 1, [], DateTimeOffset.UnixEpoch, null, null, null));
        }
    }

    public Task<Outcome<Application>> CreateApplicationAsync(NewApplication request, CommandContext context, CancellationToken cancellationToken)
    {
        Applications.Add(request);
        return Task.FromResult<Outcome<Application>>(new Application(request.Name, "", request.Repository is null, request.TrackingBranch ?? "main", 1, DateTimeOffset.UnixEpoch));
    }

    public Task<Outcome<Application>> DeleteApplicationAsync(string application, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<SavedConfiguration>> SaveApplicationConfigurationAsync(string application, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<SavedConfiguration>> SaveEnvironmentConfigurationAsync(string environment, string? template, string? variables, bool dryRun, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Build>> RebuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> CreateEnvironmentAsync(NewEnvironment request, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> SetupAsync(string environment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> DeleteEnvironmentAsync(string environment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> PauseAsync(string environment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> ResumeAsync(string environment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> RunWorkflowAsync(string environment, string workflow, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<ReleaseEnvironment>> ExtendAsync(string environment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Deployment>> CancelDeploymentAsync(long deployment, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Build>> CancelBuildAsync(long build, CommandContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken) => throw new NotSupportedException();
}
