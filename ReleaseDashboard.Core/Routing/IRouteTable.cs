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

    /// <summary>
    /// Counts a request under way to an instance; disposing ends it. Counting alone is not enough: between <see cref="Find"/> and this call the
    /// route may have been switched and the instance drained. A proxy uses <see cref="TryEnter"/>.
    /// </summary>
    IDisposable Enter(RouteEndpoint endpoint);

    /// <summary>
    /// Counts a request and looks again: null when the endpoint no longer serves the hostname, then <see cref="Find"/> again and choose anew. A request that
    /// holds the result was counted before a drain of its instance could complete, so the instance lives until it is disposed or the drain limit passes.
    /// </summary>
    /// <remarks>
    /// Either side writes first and reads second (here: count, then route; a rollout: route, then count), with full fences in between, so at least one of them
    /// sees the other. The proxy's loop: <c>do { target = Find(host); endpoint = choose(target); request = TryEnter(target, endpoint); } while (request is null);</c>
    /// and dispose when the response, or the upgraded connection, has ended.
    /// </remarks>
    IDisposable? TryEnter(RouteTarget target, RouteEndpoint endpoint)
    {
        var request = Enter(endpoint);
        if (Find(target.Hostname) is { } now && now.Endpoints.Contains(endpoint)) return request;
        request.Dispose();
        return null;
    }

    /// <summary>Completes when the instance has no request under way, or <paramref name="limit"/> has passed.</summary>
    Task DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellationToken);
}

/// <param name="Endpoints">Empty while nothing is ready to serve.</param>
public sealed record RouteTarget(string Hostname, string Environment, string Service, IReadOnlyList<RouteEndpoint> Endpoints);

public sealed record RouteEndpoint(string InstanceId, Uri Address);
