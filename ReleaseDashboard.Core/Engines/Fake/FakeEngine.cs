using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>
/// An engine in memory: for tests of every room and for <c>Release__Engine=fake</c>. Nothing really runs, but everything is
/// remembered by the rules of <see cref="IEngine"/>, and the conformance suite holds it to them. Behaviour is scripted by
/// <see cref="Services"/>, <see cref="Jobs"/>, <see cref="MissingImages"/>, <see cref="Away"/>, <see cref="Exit"/> and <see cref="Remove"/>.
/// </summary>
internal sealed partial class FakeEngine(TimeProvider clock) : IEngine, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FakeWorld _world = new();
    private readonly FakeConnection _connection = new();
    private readonly List<Channel<string>> _watchers = [];
    private int _lastId;
    private int _lastPort = 40000;

    public string Name => "fake";

    /// <summary>Service name → behaviour of instances started or waited for from now on.</summary>
    public ConcurrentDictionary<string, FakeServiceScript> Services { get; } = new();

    /// <summary>Job name → behaviour.</summary>
    public ConcurrentDictionary<string, FakeJobScript> Jobs { get; } = new();

    /// <summary>Images that cannot be pulled.</summary>
    public ConcurrentDictionary<string, string> MissingImages { get; } = new();

    /// <summary>Every changing call in the order it came: <c>apply ted1/web</c>, <c>start-job ted1/migrate 12/jobs.migrate</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>True: every call, also those under way, ends with <see cref="EngineUnavailableException"/>; jobs and instances go on.</summary>
    public bool Away
    {
        get => _connection.Away;
        set => _connection.Away = value;
    }

    public Task<EngineStatus> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Away ? new EngineStatus(false, "", FakeConnection.Unavailable().Message) : new EngineStatus(true, "fake 1", null));

    public Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken) =>
        LockedAsync(() => _world.Environments.TryGetValue(environment, out var found) ? found.Observe() : ObservedState.Nothing(environment), cancellationToken);

    public Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<ObservedState>>(() => [.. _world.Environments.Values.Select(e => e.Observe())], cancellationToken);

    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connected = _connection.Current();
        if (connected.IsCancellationRequested) throw FakeConnection.Unavailable();
        var channel = Channel.CreateUnbounded<string>();
        lock (_lock) _watchers.Add(channel);
        try
        {
            yield return "";
            using var cut = connected.Register(() => channel.Writer.TryComplete(FakeConnection.Unavailable()));
            await foreach (var environment in channel.Reader.ReadAllAsync(cancellationToken)) yield return environment;
        }
        finally
        {
            lock (_lock) _watchers.Remove(channel);
        }
    }

    public Task<bool> EnsureSpaceAsync(EnvironmentScope scope, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        Calls.Enqueue($"space {scope.Environment}");
        var environment = _world.Find(scope);
        var created = !environment.HasSpace;
        environment.HasSpace = true;
        if (created) Changed(scope.Environment);
        return created;
    }, cancellationToken);

    public Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken) => LockedAsync(() =>
    {
        Calls.Enqueue($"volume {scope.Environment}/{volume.Name}");
        var created = _world.Find(scope).Volumes.TryAdd(volume.Name, []);
        if (created) Changed(scope.Environment);
        return created;
    }, cancellationToken);

    public Task EnsureImageAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken) => _connection.UseAsync(() =>
    {
        Calls.Enqueue($"image {image}");
        return MissingImages.TryGetValue(image, out var words)
            ? throw new EngineException($"The image {image} cannot be pulled: {words}.") { Suggestion = "Check the image's name and that this machine may pull it." }
            : true;
    }, cancellationToken);

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken) =>
        LockedAsync<IReadOnlyList<InstanceUsage>>(() => _world.Environments.TryGetValue(environment, out var found)
            ? [.. found.Instances.Where(i => i.Status == InstanceStatus.Running).Select(i => new InstanceUsage(i.Id, 0.01, 8L << 20, null))]
            : [], cancellationToken);

    public void Dispose() => _connection.Dispose();

    private Task<T> LockedAsync<T>(Func<T> work, CancellationToken cancellationToken) => _connection.UseAsync(() =>
    {
        lock (_lock) return work();
    }, cancellationToken);

    private string NextId() => $"fake{Interlocked.Increment(ref _lastId):x8}";

    private void Changed(string environment)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(environment);
        }
    }
}
