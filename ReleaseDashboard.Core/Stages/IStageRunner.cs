using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// Carries out one run. Called again from the start after a crash: it observes, plans and does what is left. Returns the result as a value;
/// <see cref="Engines.EngineUnavailableException"/> means "wait and call me again". On cancel it stops what it started and returns <see cref="RunStatus.Canceled"/>.
/// </summary>
public interface IStageRunner
{
    IReadOnlyCollection<Stage> Stages { get; }

    Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken);
}

/// <summary>What a runner works with.</summary>
/// <param name="Run">As claimed; <c>(Run.Id, Run.Attempt)</c> fences every write made through <paramref name="Journal"/>.</param>
public sealed record StageContext(Run Run, ILogWriter Log, IRunJournal Journal);

/// <summary>Records progress of a run. Every call throws <see cref="RunLostException"/> when another attempt owns the run by now.</summary>
public interface IRunJournal
{
    /// <summary>Steps of earlier attempts, for a resumed run: tasks that ended stay ended.</summary>
    Task<IReadOnlyList<RunStep>> ReadStepsAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the steps.</summary>
    Task WriteStepsAsync(IReadOnlyList<RunStep> steps, CancellationToken cancellationToken);

    /// <summary>What the run waits for ("Docker does not answer …"); null when it goes on.</summary>
    Task WaitingAsync(string? reason, CancellationToken cancellationToken);

    Task WriteBuildProgressAsync(IReadOnlyList<BuildProgress> progress, CancellationToken cancellationToken);

    Task WriteBuildImagesAsync(IReadOnlyList<BuildImage> images, CancellationToken cancellationToken);

    /// <summary>A service now runs with this hash; written before the old instances are stopped, so that a restart routes to the right ones.</summary>
    Task WriteServiceAppliedAsync(string service, string hash, CancellationToken cancellationToken);

    /// <summary>The stage succeeded in full: this is what the environment is now.</summary>
    Task WriteAppliedAsync(DesiredState desired, ConfigurationVersion? configuration, CancellationToken cancellationToken);
}

/// <summary>Another attempt owns the run: stop and write nothing more.</summary>
public sealed class RunLostException(long runId) : Exception($"Run {runId} is carried on by another attempt.");
