using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Computes what an environment should be, for a run or for the preview of one.</summary>
internal interface IDesiredStates
{
    /// <summary>
    /// Setup takes the configuration last saved, every other stage the one that was applied (before the first setup, the saved one). Refusals: <c>not_found</c>,
    /// <c>build_required</c>, <c>template_invalid</c> (with lines), <c>invalid</c>.
    /// </summary>
    Task<Outcome<LoadedState>> LoadAsync(StateRequest request, CancellationToken cancellationToken);
}

/// <param name="Commit">Null: the build's commit.</param>
/// <param name="BuildId">Null: the build that runs now.</param>
/// <param name="DeploymentId">0 for a preview, as are run and attempt.</param>
/// <param name="Preview">The newest commit may not be built yet: names take the place of its images.</param>
internal sealed record StateRequest(
    string Environment, Stage Stage, string? Commit = null, long? BuildId = null, long DeploymentId = 0, long RunId = 0, int Attempt = 0, bool Preview = false)
{
    public static StateRequest Of(Run run) => new(run.Environment ?? "", run.Stage, run.Commit, run.BuildId, run.DeploymentId ?? 0, run.Id, run.Attempt);
}

/// <param name="Version">Of the configuration it was computed from.</param>
internal sealed record LoadedState(ReleaseEnvironment Environment, DesiredState Desired, ConfigurationVersion Version, IReadOnlyList<TemplateDiagnostic> Warnings);
