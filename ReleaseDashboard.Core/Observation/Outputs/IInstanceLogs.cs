using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// The own output of instances, captured from the first byte to the last into the log store, whether somebody looks or not; so pages, search, download and following are the
/// same for it as for a run's log, and it stays when the instance is gone.
/// </summary>
public interface IInstanceLogs
{
    /// <summary>
    /// The name of the log of an instance; null when the environment never had such an instance. <paramref name="instance"/> is the engine's id or the readable name.
    /// Throws <see cref="EngineUnavailableException"/> when the engine would have to be asked and is away.
    /// </summary>
    Task<string?> OpenAsync(string environment, string instance, CancellationToken cancellationToken);

    /// <summary>
    /// The name of the log of a service: the output of all its instances, also of those that were replaced, as one timeline in the order in which the lines came. Null when no
    /// instance of such a service has printed anything yet.
    /// </summary>
    string? OpenService(string environment, string service);

    /// <summary>Every instance of an environment whose output is kept, running or long gone; by service, oldest first.</summary>
    IReadOnlyList<CapturedInstance> List(string environment);

    /// <summary>Listens to an instance that is about to be started. Whatever goes wrong here is no reason not to start it: then it is captured as soon as it is seen.</summary>
    ValueTask BeginAsync(string environment, ObservedInstance instance, CancellationToken cancellationToken);

    /// <summary>Deletes what was captured of an environment that is gone.</summary>
    /// <param name="others">Ids of all other environments: one may begin with the id of this one.</param>
    Task DeleteAsync(string environment, IEnumerable<string> others, CancellationToken cancellationToken);
}

/// <param name="Id">The engine's.</param>
public sealed record CapturedInstance(string Service, string Id, string Name);
