using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines;

/// <summary>
/// Where environments run. The only door to Docker or Kubernetes; <c>docs/architecture.md</c> has a table of what each
/// operation means on both. All members are thread-safe. Every operation is idempotent: called again after a crash it
/// finds what it made (by label and deterministic name) and goes on. Operations throw <see cref="EngineUnavailableException"/>
/// when the engine cannot be reached (the caller waits and repeats) and <see cref="EngineException"/> for everything that
/// repeating would not mend.
/// </summary>
/// <remarks>Call order for an environment: space, volumes, then services and jobs in any order, then remove.</remarks>
public interface IEngine
{
    /// <summary><c>docker</c>, <c>kubernetes</c>, <c>fake</c>.</summary>
    string Name { get; }

    /// <summary>Never throws for an engine that is away: that is an answer.</summary>
    Task<EngineStatus> CheckAsync(CancellationToken cancellationToken);

    Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken);

    /// <summary>Every environment that has anything on the engine, remembered by the dashboard or not: orphans are found with it.</summary>
    Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ids of environments in which something changed, as it happens. An empty id means "anything may have changed" and is
    /// always the first element, sent once the engine listens. Ends with <see cref="EngineUnavailableException"/> when the connection is lost.
    /// </summary>
    IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken);

    /// <summary>The isolated space in which services find each other by name. Returns true when it was created.</summary>
    Task<bool> EnsureSpaceAsync(EnvironmentScope scope, CancellationToken cancellationToken);

    /// <summary>Returns true when it was created; an existing volume and its data are never touched.</summary>
    Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken);

    /// <summary>Pulls an image that is not there. A built image is never pulled. Throws <see cref="EngineException"/> with the registry's words.</summary>
    Task EnsureImageAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken);

    /// <summary>
    /// Brings a service to its desired state: instances with the desired hash are kept (started again when down), missing
    /// ones are started, all are waited for, <see cref="IServiceRollout.SwitchAsync"/> is called, then instances with
    /// another hash and surplus ones are drained and stopped. When the new instances do not become ready they are removed, the
    /// old ones keep serving, and the result says why with their last lines.
    /// </summary>
    Task<ServiceResult> ApplyServiceAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken);

    /// <summary>Stops and removes all instances of a service. Returns the names of those removed.</summary>
    Task<IReadOnlyList<string>> RemoveServiceAsync(EnvironmentScope scope, string service, CancellationToken cancellationToken);

    /// <summary>Stops all instances without removing them, volumes untouched. <see cref="ApplyServiceAsync"/> starts them again.</summary>
    Task<IReadOnlyList<string>> StopInstancesAsync(EnvironmentScope scope, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a job to its end and streams its output in order. The job's identity is (environment, job, <see cref="EnvironmentScope.RunId"/>, <paramref name="task"/>):
    /// when it is already running, or has ended, it is attached to and never started twice; its output then comes again from the first line and the
    /// first <paramref name="linesSeen"/> lines are left out. On cancel the job is stopped and removed. A finished job stays until <see cref="RemoveJobAsync"/>.
    /// </summary>
    Task<JobResult> RunJobAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken);

    /// <summary>Removes a finished job. Called once its result is recorded.</summary>
    Task RemoveJobAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken);

    /// <summary>
    /// Removes everything that carries the environment's label: instances, jobs, volumes, space. Returns what was removed and what is left,
    /// counted by asking the engine again.
    /// </summary>
    Task<Receipt> RemoveEnvironmentAsync(string environment, IEngineOutput output, CancellationToken cancellationToken);

    /// <summary>Output of an instance from its first line (or the last <paramref name="tail"/> lines); ends when the instance does, if following.</summary>
    IAsyncEnumerable<OutputLine> ReadOutputAsync(string instanceId, int? tail, bool follow, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the output of an instance behind <paramref name="mark"/>, or from its first byte without one. Listens when the call returns: of an instance that is started
    /// afterwards nothing is missed. Throws <see cref="EngineException"/> when there is no such instance.
    /// </summary>
    /// <param name="starting">The caller is about to start it: the stream does not end before it ran.</param>
    Task<IOutputFeed> OpenOutputAsync(string instanceId, OutputMark? mark, bool starting, CancellationToken cancellationToken);

    Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken);
}

/// <param name="Available">It answers and can be used.</param>
/// <param name="Message">When not: what is wrong and how to mend it, in a sentence.</param>
public sealed record EngineStatus(bool Available, string Version, string? Message);

/// <summary>A line that an instance or a job printed.</summary>
public readonly record struct OutputLine(DateTimeOffset At, LogSource Source, string Text);

/// <summary>Receives what an operation has to say, line by line; awaiting is the back-pressure.</summary>
public interface IEngineOutput
{
    ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken);

    /// <summary>Many lines at once, each with its line feed: for what prints faster than lines can be handled one by one.</summary>
    async ValueTask WriteLinesAsync(LogSource source, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        foreach (var line in OutputText.Lines(lines)) await WriteAsync(source, line, cancellationToken);
    }
}

/// <summary>What the engine tells, and asks, while it changes a service.</summary>
public interface IServiceRollout : IEngineOutput
{
    /// <summary>Hash of the version that served last, ready or not by now: the one to come back when the new one fails. Null when none ever did.</summary>
    string? ServedHash => null;

    /// <summary>An instance is made and about to be started: whoever wants its first byte opens its output now. Never fails the rollout.</summary>
    ValueTask StartingAsync(ObservedInstance instance, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Said whenever it changes: "waiting for readiness (1 of 2 ready)".</summary>
    ValueTask ProgressAsync(string detail, CancellationToken cancellationToken);

    /// <summary>All desired instances are ready: send traffic to these. Returns when nothing new goes to the others.</summary>
    Task SwitchAsync(IReadOnlyList<ObservedInstance> ready, CancellationToken cancellationToken);

    /// <summary>Completes when the instance has no request under way, or the drain time has passed.</summary>
    Task DrainAsync(ObservedInstance old, CancellationToken cancellationToken);
}

/// <param name="Ready">The service runs as desired.</param>
/// <param name="Failure">When not ready: why, with the last lines as evidence.</param>
public sealed record ServiceResult(bool Ready, IReadOnlyList<ReceiptItem> Changes, Failure? Failure = null);

/// <param name="ExitCode">Null when it was ended by the timeout.</param>
public sealed record JobResult(int? ExitCode, bool TimedOut, bool OutOfMemory, TimeSpan Duration)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;
}

/// <summary>The engine cannot be reached now. The message says how to start it. Waiting may mend it.</summary>
public sealed class EngineUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The engine refused or failed; the message is for people. Repeating would not mend it.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner)
{
    public string? Suggestion { get; init; }
}
