using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Routing;

/// <summary>
/// Fills the route table before anything is served, from what was applied and what runs, and keeps it right when instances come back on other ports or die.
/// </summary>
internal sealed class RouteLoader(IEngine engine, IRecordStore records, RouteTable routes, TimeProvider clock, ILogger<RouteLoader> log) : IHostedService, IObservationListener
{
    /// <summary>An engine that does not answer must not hold up the start: its environments are routed as soon as it does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stamp = routes.Stamp();
        var observed = await ObserveAsync(cancellationToken);
        foreach (var environment in await records.ListEnvironmentsAsync(cancellationToken))
        {
            var state = observed.GetValueOrDefault(environment.Id) ?? ObservedState.Nothing(environment.Id);
            await ObservedAsync(environment, state, stamp, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public long Stamp() => routes.Stamp();

    public async Task ObservedAsync(ReleaseEnvironment? environment, ObservedState observed, long stamp, CancellationToken cancellationToken)
    {
        if (environment is null || environment.Phase is EnvironmentPhase.TearingDown or EnvironmentPhase.Removed)
        {
            if (routes.ForEnvironment(observed.Environment).Count > 0) routes.Remove(observed.Environment);
            return;
        }

        var applied = await records.ReadAppliedAsync(environment.Id, cancellationToken);
        // While a setup runs, and before the first has succeeded, the hostnames belong to the run: only what serves them is kept right.
        var running = environment.Phase == EnvironmentPhase.SettingUp && routes.ForEnvironment(environment.Id).Count > 0;
        routes.TrySet(environment.Id, running ? null : applied.Desired?.Routes, Serving(applied, observed), stamp);
    }

    /// <summary>Running instances of the applied hash; of a service's instances the ready ones where there are any.</summary>
    internal static IReadOnlyList<ObservedInstance> Serving(AppliedState applied, ObservedState observed) =>
    [
        .. observed.Instances
            .Where(i => i.Status == InstanceStatus.Running && applied.Services.GetValueOrDefault(i.Service) == i.Hash)
            .GroupBy(i => i.Service)
            .SelectMany(g => g.Any(i => i.Ready) ? g.Where(i => i.Ready) : g),
    ];

    private async Task<Dictionary<string, ObservedState>> ObserveAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await engine.ObserveAllAsync(either.Token)).ToDictionary(o => o.Environment);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is EngineUnavailableException or EngineException or OperationCanceledException)
        {
            log.LogWarning("Routes start without endpoints, because the engine does not answer: {Message}", e.Message);
            return [];
        }
    }
}
