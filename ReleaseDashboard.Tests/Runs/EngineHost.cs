using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Stages;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>Dashboards one after the other on one data directory and one fake engine, with the real stages. Killing one leaves its runs as they stand.</summary>
internal sealed class EngineHost(string directory) : IDisposable
{
    public FakeEngine Engine { get; } = new(TimeProvider.System);

    public async Task<(RunHost Host, LastWords Words)> StartAsync(bool work = true)
    {
        var words = new LastWords();
        var host = await RunHost.StartAsync(directory, work: work, configure: services =>
        {
            services.RemoveAll<IStageRunner>();
            services.RemoveAll<IStagePlans>();
            RoutingServices.AddRouting(services).AddStages();
            services.TryAddSingleton<IInstanceLogs, InstanceLogs>();
            // As an instance, so that it outlives the host.
            services.Replace(ServiceDescriptor.Singleton<IEngine>(Engine));
            services.Replace(ServiceDescriptor.Singleton<IRunStore>(p => new KillableStore(p.GetRequiredService<RunStore>(), words)));
        });
        return (host, words);
    }

    public async Task<IReadOnlyList<ObservedJob>> JobsAsync(string environment) => (await Engine.ObserveAsync(environment, TestContext.Current.CancellationToken)).Jobs;

    public Task CalledAsync(string call) =>
        Support.Eventually.TrueAsync(() => Engine.Calls.Any(c => c.StartsWith(call, StringComparison.Ordinal)), $"the engine is asked to {call}");

    public void Dispose() => Engine.Dispose();
}

/// <summary>Whether a dashboard may still write down how its runs go on.</summary>
internal sealed class LastWords
{
    private volatile bool _killed;

    public bool Killed => _killed;

    /// <summary>From now on its runs stay in the database as they are, as after kill -9; stop the host next.</summary>
    public void Kill() => _killed = true;
}

internal sealed class KillableStore(RunStore store, LastWords words) : IRunStore
{
    public Task<Run?> ClaimAsync(string worker, TimeSpan lease, CancellationToken cancellationToken) =>
        words.Killed ? Task.FromResult<Run?>(null) : store.ClaimAsync(worker, lease, cancellationToken);

    public Task<bool> RenewAsync(long id, int attempt, TimeSpan lease, CancellationToken cancellationToken) => store.RenewAsync(id, attempt, lease, cancellationToken);

    public Task<bool> ReleaseAsync(long id, int attempt, string? waiting, DateTimeOffset? notBefore, CancellationToken cancellationToken) =>
        words.Killed ? Task.FromResult(false) : store.ReleaseAsync(id, attempt, waiting, notBefore, cancellationToken);

    public Task<bool> FinishAsync(long id, int attempt, RunResult result, CancellationToken cancellationToken) =>
        words.Killed ? Task.FromResult(false) : store.FinishAsync(id, attempt, result, cancellationToken);

    public Task<IReadOnlyList<long>> RescueAsync(int maxAttempts, CancellationToken cancellationToken) => store.RescueAsync(maxAttempts, cancellationToken);

    public Task<IReadOnlyList<long>> ListCancelRequestedAsync(CancellationToken cancellationToken) => store.ListCancelRequestedAsync(cancellationToken);
}
