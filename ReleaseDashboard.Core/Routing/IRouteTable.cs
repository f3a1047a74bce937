using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Routing;

/// <summary>Hostnames → live endpoints: what the proxy reads on every request, so reading is lock-free and takes no I/O.</summary>
public interface IRouteTable
{
    /// <summary>Null when no environment has that hostname. The hostname is without port, any case.</summary>
    RouteTarget? Find(string hostname);

    IReadOnlyList<RouteTarget> ForEnvironment(string environment);

    /// <summary>Sets the routes of an environment (replacing those it had) from its hostnames and the instances that may serve.</summary>
    void Set(string environment, IReadOnlyList<DesiredRoute> routes, IReadOnlyList<ObservedInstance> serving);

    /// <summary>Points one service at new instances.</summary>
    void Switch(string environment, string service, IReadOnlyList<ObservedInstance> serving);

    void Remove(string environment);

    /// <summary>Counts a request under way to an instance; disposing ends it.</summary>
    IDisposable Enter(RouteEndpoint endpoint);

    /// <summary>Completes when the instance has no request under way, or <paramref name="limit"/> has passed.</summary>
    Task DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellationToken);
}

/// <param name="Endpoints">Empty while nothing is ready to serve.</param>
public sealed record RouteTarget(string Hostname, string Environment, string Service, IReadOnlyList<RouteEndpoint> Endpoints);

public sealed record RouteEndpoint(string InstanceId, Uri Address);
