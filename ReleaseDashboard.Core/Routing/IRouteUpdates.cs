using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Routing;

/// <summary>
/// Keeps a slow look at the engine from undoing a switch that happened meanwhile: a look takes a stamp before it starts, and its result is dropped when
/// the environment's routes were changed, or announced to change, after that.
/// </summary>
internal interface IRouteUpdates
{
    /// <summary>Taken before the engine is asked.</summary>
    long Stamp();

    /// <summary>A switch is about to be written down: looks that began before now are stale.</summary>
    void Announce(string environment);

    /// <summary>As <see cref="IRouteTable.Set"/>, unless the environment changed after <paramref name="stamp"/>. Returns whether it was done.</summary>
    /// <param name="routes">Null keeps the routes there are, and does nothing where there are none.</param>
    bool TrySet(string environment, IReadOnlyList<DesiredRoute>? routes, IReadOnlyList<ObservedInstance> serving, long stamp);

    /// <summary>Replaces the routes and points one service at new instances, in one stroke; what serves the others stays.</summary>
    void Switch(string environment, IReadOnlyList<DesiredRoute> routes, string service, IReadOnlyList<ObservedInstance> serving);

    /// <summary>Replaces the routes; what serves stays.</summary>
    void Reroute(string environment, IReadOnlyList<DesiredRoute> routes);

    /// <summary>
    /// Takes hostnames for an environment, all or none: they are known from now on, and nothing serves the new ones yet. Returns the first that another environment
    /// has, and then nothing was taken; null when all are the environment's own.
    /// </summary>
    RouteTarget? Claim(string environment, IReadOnlyList<DesiredRoute> routes);
}
