using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Observation;

/// <summary>One look at an environment: what the engine has, what that means, written down and told on. Changes nothing on the engine.</summary>
internal sealed class EnvironmentLooks(IEngine engine, IRecordStore records, IObservationStore store, IChangeFeed feed, IEnumerable<IObservationListener> listeners)
{
    private readonly ConcurrentDictionary<string, ObservedState> _last = new();
    private readonly ConcurrentDictionary<string, ObservedState> _orphans = new();
    private readonly ConcurrentDictionary<string, EnvironmentPhase> _phases = new();

    public ObservedState? Last(string environment) => _last.GetValueOrDefault(environment);

    public IReadOnlyList<ObservedState> Orphans => [.. _orphans.Values.OrderBy(o => o.Environment, StringComparer.Ordinal)];

    /// <summary>Environments with an instance that runs and is not ready.</summary>
    public IReadOnlyList<string> Unsettled => [.. _last.Where(l => l.Value.Instances.Any(i => i is { Status: InstanceStatus.Running, Ready: false })).Select(l => l.Key)];

    /// <summary>True when a run began or ended since the last look.</summary>
    public async Task<bool> PhaseChangedAsync(string environment, CancellationToken cancellationToken) =>
        await records.FindEnvironmentAsync(environment, cancellationToken) is { } record && (!_phases.TryGetValue(environment, out var seen) || seen != record.Phase);

    /// <returns>False when a run ended meanwhile: what was seen may be older than what the run made, so look again.</returns>
    public async Task<bool> LookAsync(string environment, CancellationToken cancellationToken)
    {
        var stamps = Stamps();
        var before = await records.FindEnvironmentAsync(environment, cancellationToken);
        var observed = await engine.ObserveAsync(environment, cancellationToken);
        return await JudgeAsync(before, observed, stamps, cancellationToken);
    }

    /// <summary>All environments in one question to the engine. Returns those to be looked at again.</summary>
    public async Task<IReadOnlyList<string>> LookAtAllAsync(CancellationToken cancellationToken)
    {
        var stamps = Stamps();
        var known = (await records.ListEnvironmentsAsync(cancellationToken)).ToDictionary(e => e.Id);
        var observed = (await engine.ObserveAllAsync(cancellationToken)).ToDictionary(o => o.Environment);
        foreach (var gone in _orphans.Keys.Where(id => !observed.ContainsKey(id))) RemoveOrphan(gone);
        foreach (var gone in _last.Keys.Where(id => !observed.ContainsKey(id) && !known.ContainsKey(id))) _last.TryRemove(gone, out _);
        var again = new List<string>();
        foreach (var id in known.Keys.Union(observed.Keys))
        {
            var state = observed.GetValueOrDefault(id) ?? ObservedState.Nothing(id);
            if (!await JudgeAsync(known.GetValueOrDefault(id), state, stamps, cancellationToken)) again.Add(id);
        }

        return again;
    }

    /// <summary>The engine is away: of what was healthy nobody knows any more.</summary>
    public async Task ForgetHealthAsync(CancellationToken cancellationToken)
    {
        foreach (var environment in await records.ListEnvironmentsAsync(cancellationToken))
        {
            if (environment.Phase is EnvironmentPhase.Pending or EnvironmentPhase.Paused || Runs(environment)) continue;
            await store.WriteObservationAsync(environment.Id, HealthStatus.Unknown, environment.Sync, environment.Drift, cancellationToken);
        }
    }

    private async Task<bool> JudgeAsync(ReleaseEnvironment? before, ObservedState observed, IReadOnlyList<(IObservationListener Listener, long Stamp)> stamps, CancellationToken cancellationToken)
    {
        var id = observed.Environment;
        var now = await records.FindEnvironmentAsync(id, cancellationToken);
        foreach (var (listener, stamp) in stamps) await listener.ObservedAsync(now, observed, stamp, cancellationToken);
        if (now is null or { Phase: EnvironmentPhase.Removed })
        {
            Unknown(id, observed);
            return true;
        }

        RemoveOrphan(id);
        var seen = Last(id);
        _last[id] = observed;
        _phases[id] = now.Phase;
        var raced = before is not null && Runs(before) != Runs(now);
        var (health, sync, drift) = Runs(now) || raced
            ? (HealthStatus.Progressing, now.Sync, now.Drift)
            : Judgement.Of(now, await records.ReadAppliedAsync(id, cancellationToken), observed);
        var wrote = await store.WriteObservationAsync(id, health, sync, drift, cancellationToken);
        if (wrote || !ObservedComparer.Same(seen, observed)) feed.Publish(ChangeKeys.Environment(id));
        return !raced;
    }

    private void Unknown(string id, ObservedState observed)
    {
        _last.TryRemove(id, out _);
        _phases.TryRemove(id, out _);
        if (observed.IsEmpty)
        {
            RemoveOrphan(id);
            return;
        }

        var seen = _orphans.GetValueOrDefault(id);
        _orphans[id] = observed;
        if (!ObservedComparer.Same(seen, observed)) feed.Publish(ChangeKeys.Environments);
    }

    private void RemoveOrphan(string id)
    {
        if (_orphans.TryRemove(id, out _)) feed.Publish(ChangeKeys.Environments);
    }

    private IReadOnlyList<(IObservationListener Listener, long Stamp)> Stamps() => [.. listeners.Select(l => (l, l.Stamp()))];

    private static bool Runs(ReleaseEnvironment environment) =>
        environment.Phase is EnvironmentPhase.SettingUp or EnvironmentPhase.Patching or EnvironmentPhase.TearingDown;
}
