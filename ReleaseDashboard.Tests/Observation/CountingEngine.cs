using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Observation;

/// <summary>Counts what the observer asks; it may ask only what changes nothing.</summary>
internal sealed class CountingEngine(IEngine inner) : IEngine
{
    private int _looks;
    private int _looksAtAll;
    private int _measurements;

    public int Looks => Volatile.Read(ref _looks);
    public int LooksAtAll => Volatile.Read(ref _looksAtAll);
    public int Measurements => Volatile.Read(ref _measurements);

    public string Name => inner.Name;

    public Task<EngineStatus> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

    public Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _looks);
        return inner.ObserveAsync(environment, cancellationToken);
    }

    public Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _looksAtAll);
        return inner.ObserveAllAsync(cancellationToken);
    }

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _measurements);
        return inner.MeasureAsync(environment, cancellationToken);
    }

    public IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task<bool> EnsureSpaceAsync(EnvironmentScope scope, CancellationToken cancellationToken) => throw Forbidden();

    public Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken) => throw Forbidden();

    public Task EnsureImageAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken) => throw Forbidden();

    public Task<ServiceResult> ApplyServiceAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken) => throw Forbidden();

    public Task<IReadOnlyList<string>> RemoveServiceAsync(EnvironmentScope scope, string service, CancellationToken cancellationToken) => throw Forbidden();

    public Task<IReadOnlyList<string>> StopInstancesAsync(EnvironmentScope scope, CancellationToken cancellationToken) => throw Forbidden();

    public Task<JobResult> RunJobAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken) => throw Forbidden();

    public Task RemoveJobAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken) => throw Forbidden();

    public Task<Receipt> RemoveEnvironmentAsync(string environment, IEngineOutput output, CancellationToken cancellationToken) => throw Forbidden();

    public IAsyncEnumerable<OutputLine> ReadOutputAsync(string instanceId, int? tail, bool follow, CancellationToken cancellationToken) => inner.ReadOutputAsync(instanceId, tail, follow, cancellationToken);

    public Task<IOutputFeed> OpenOutputAsync(string instanceId, OutputMark? mark, bool starting, CancellationToken cancellationToken) => inner.OpenOutputAsync(instanceId, mark, starting, cancellationToken);

    private static NotSupportedException Forbidden() => new("Observation never changes anything.");
}
