using System.Collections.Frozen;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Routing;

/// <summary>What one environment's hostnames point at. Immutable.</summary>
internal sealed record EnvironmentRoutes(IReadOnlyList<DesiredRoute> Routes, IReadOnlyDictionary<string, IReadOnlyList<ObservedInstance>> Serving)
{
    public static readonly EnvironmentRoutes None = From([], []);

    public static EnvironmentRoutes From(IReadOnlyList<DesiredRoute> routes, IReadOnlyList<ObservedInstance> serving) =>
        new(routes, serving.GroupBy(i => i.Service).ToDictionary(g => g.Key, IReadOnlyList<ObservedInstance> (g) => [.. g]));

    public EnvironmentRoutes With(string service, IReadOnlyList<ObservedInstance> serving) =>
        this with { Serving = new Dictionary<string, IReadOnlyList<ObservedInstance>>(Serving) { [service] = serving } };

    public IEnumerable<RouteTarget> Targets(string environment) =>
        Routes.Select(r => new RouteTarget(r.Hostname, environment, r.Service, [.. Endpoints(r)]));

    private IEnumerable<RouteEndpoint> Endpoints(DesiredRoute route) =>
        from instance in Serving.GetValueOrDefault(route.Service) ?? []
        from endpoint in instance.Endpoints
        where endpoint.TargetPort == route.TargetPort
        select new RouteEndpoint(instance.Id, new UriBuilder("http", endpoint.Address, endpoint.Port).Uri);
}

/// <summary>The whole table at one moment. Immutable.</summary>
internal sealed record RoutePicture(
    FrozenDictionary<string, RouteTarget> ByHostname,
    FrozenDictionary<string, IReadOnlyList<RouteTarget>> ByEnvironment,
    FrozenSet<string> Instances)
{
    public static readonly RoutePicture Empty = From(new Dictionary<string, EnvironmentRoutes>());

    public static RoutePicture From(IReadOnlyDictionary<string, EnvironmentRoutes> environments)
    {
        var byHostname = new Dictionary<string, RouteTarget>(StringComparer.OrdinalIgnoreCase);
        var byEnvironment = new Dictionary<string, IReadOnlyList<RouteTarget>>();
        foreach (var (id, routes) in environments)
        {
            var targets = routes.Targets(id).ToList();
            byEnvironment[id] = targets;
            // A hostname that two environments ask for stays with the one that had it first.
            foreach (var target in targets) byHostname.TryAdd(target.Hostname, target);
        }

        return new RoutePicture(
            byHostname.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            byEnvironment.ToFrozenDictionary(),
            byHostname.Values.SelectMany(t => t.Endpoints).Select(e => e.InstanceId).ToFrozenSet());
    }
}
