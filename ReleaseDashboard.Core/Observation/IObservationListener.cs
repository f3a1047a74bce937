using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>Told of every look at an environment, changed or not.</summary>
internal interface IObservationListener
{
    /// <summary>Called before the engine is asked; handed back with the answer, so that a listener can tell a stale look.</summary>
    long Stamp();

    /// <param name="environment">Null when the database does not know it.</param>
    Task ObservedAsync(ReleaseEnvironment? environment, ObservedState observed, long stamp, CancellationToken cancellationToken);
}
