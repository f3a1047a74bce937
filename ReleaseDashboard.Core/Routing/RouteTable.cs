using System.Collections.Concurrent;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Routing;

/// <summary>
/// Reading is one look into an immutable picture; writing makes a new picture under a lock. Choosing among endpoints is the proxy's business.
/// </summary>
internal sealed class RouteTable(TimeProvider clock) : IRouteTable, IRouteUpdates
{
    private readonly Lock _write = new();
    private readonly Dictionary<string, EnvironmentRoutes> _environments = [];
    private readonly Dictionary<string, long> _changed = [];
    private readonly ConcurrentDictionary<string, RequestCounter> _counters = new();
    private long _version;
    private RoutePicture _picture = RoutePicture.Empty;

    public RouteTarget? Find(string hostname) => Volatile.Read(ref _picture).ByHostname.GetValueOrDefault(hostname);

    public IReadOnlyList<RouteTarget> ForEnvironment(string environment) =>
        Volatile.Read(ref _picture).ByEnvironment.GetValueOrDefault(environment) ?? [];

    public void Set(string environment, IReadOnlyList<DesiredRoute> routes, IReadOnlyList<ObservedInstance> serving) =>
        Change(environment, _ => EnvironmentRoutes.From(routes, serving));

    public void Switch(string environment, string service, IReadOnlyList<ObservedInstance> serving) =>
        Change(environment, now => now?.With(service, serving));

    public void Switch(string environment, IReadOnlyList<DesiredRoute> routes, string service, IReadOnlyList<ObservedInstance> serving) =>
        Change(environment, now => (now ?? EnvironmentRoutes.None).With(service, serving) with { Routes = routes });

    public void Reroute(string environment, IReadOnlyList<DesiredRoute> routes) =>
        Change(environment, now => (now ?? EnvironmentRoutes.None) with { Routes = routes });

    public RouteTarget? Claim(string environment, IReadOnlyList<DesiredRoute> routes)
    {
        lock (_write)
        {
            var taken = routes.Select(r => _picture.ByHostname.GetValueOrDefault(r.Hostname)).FirstOrDefault(t => t is not null && t.Environment != environment);
            if (taken is not null) return taken;
            Change(environment, now => (now ?? EnvironmentRoutes.None) with { Routes = [.. (now?.Routes ?? []).Concat(routes).DistinctBy(r => r.Hostname)] });
            return null;
        }
    }

    public void Remove(string environment) => Change(environment, _ => null);

    public long Stamp()
    {
        lock (_write) return _version;
    }

    public void Announce(string environment)
    {
        lock (_write) _changed[environment] = ++_version;
    }

    public bool TrySet(string environment, IReadOnlyList<DesiredRoute>? routes, IReadOnlyList<ObservedInstance> serving, long stamp)
    {
        lock (_write)
        {
            if (_changed.GetValueOrDefault(environment) > stamp) return false;
            if ((routes ?? _environments.GetValueOrDefault(environment)?.Routes) is not { } wanted) return false;
            Change(environment, _ => EnvironmentRoutes.From(wanted, serving));
            return true;
        }
    }

    public IDisposable Enter(RouteEndpoint endpoint)
    {
        while (true)
        {
            var counter = _counters.GetOrAdd(endpoint.InstanceId, _ => new RequestCounter());
            if (counter.TryEnter()) return new Request(counter);
            _counters.TryRemove(KeyValuePair.Create(endpoint.InstanceId, counter));
        }
    }

    public async Task DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellationToken)
    {
        // The route was written under the lock before this call; the counter's fence comes before the count is read.
        if (!_counters.TryGetValue(instanceId, out var counter)) return;
        using var passed = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(passed.Token, cancellationToken);
        try
        {
            await counter.WaitIdleAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }

        lock (_write) Forget(instanceId, counter);
    }

    private void Change(string environment, Func<EnvironmentRoutes?, EnvironmentRoutes?> change)
    {
        lock (_write)
        {
            _changed[environment] = ++_version;
            var before = _environments.GetValueOrDefault(environment);
            var after = change(before);
            if (after is null) _environments.Remove(environment);
            else _environments[environment] = after;
            if (before is null && after is null) return;
            var picture = RoutePicture.From(_environments);
            Interlocked.Exchange(ref _picture, picture);
            foreach (var (id, counter) in _counters) Forget(id, counter);
        }
    }

    /// <summary>Counters of instances that serve nothing and do nothing are dropped, so that a year of patches leaves nothing behind.</summary>
    private void Forget(string instanceId, RequestCounter counter)
    {
        if (_picture.Instances.Contains(instanceId) || !counter.TryClose()) return;
        _counters.TryRemove(KeyValuePair.Create(instanceId, counter));
    }

    private sealed class Request(RequestCounter counter) : IDisposable
    {
        private RequestCounter? _counter = counter;

        public void Dispose() => Interlocked.Exchange(ref _counter, null)?.Leave();
    }
}
