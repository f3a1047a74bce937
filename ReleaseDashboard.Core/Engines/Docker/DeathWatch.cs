using System.Globalization;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// Counts how often each container of one service has died since the watch began, so that a crash is known the moment it happens
/// and not at the next probe. Docker restarts what died, so looking at its state now and then would miss it.
/// </summary>
internal sealed class DeathWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, (int Deaths, int ExitCode)> _deaths = [];
    private TaskCompletionSource _changed = NewSignal();
    private Task _reading = Task.CompletedTask;

    private DeathWatch(CancellationToken cancellationToken) => _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Listens when the call returns: nothing that dies afterwards is missed.</summary>
    public static async Task<DeathWatch> BeginAsync(DockerEvents events, string environment, string service, CancellationToken cancellationToken)
    {
        var watch = new DeathWatch(cancellationToken);
        var stream = await events.OpenAsync(
            ["container"],
            ["die"],
            [DockerLabels.Is(DockerLabels.Environment, environment), DockerLabels.Is(DockerLabels.Service, service)],
            cancellationToken);
        watch._reading = watch.ReadAsync(stream);
        return watch;
    }

    public (int Deaths, int ExitCode) Of(string containerId)
    {
        lock (_lock) return _deaths.GetValueOrDefault(containerId);
    }

    /// <summary>Completes when the container has died more often than <paramref name="known"/> times; fails when the daemon went away.</summary>
    public async Task DiedAsync(string containerId, int known, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_deaths.GetValueOrDefault(containerId).Deaths > known) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync(DockerEventStream stream)
    {
        using (stream)
        {
            try
            {
                await foreach (var happened in stream.ReadAllAsync(_stop.Token))
                {
                    var exitCode = int.TryParse(happened.Attribute("exitCode"), CultureInfo.InvariantCulture, out var code) ? code : 0;
                    Signal(() => _deaths[happened.Id] = (_deaths.GetValueOrDefault(happened.Id).Deaths + 1, exitCode));
                }

                throw new EngineUnavailableException("Docker ended its stream of events: it is stopping or restarting. The dashboard goes on when it is back.");
            }
            catch (OperationCanceledException)
            {
                lock (_lock) _changed.TrySetCanceled(_stop.Token);
            }
            catch (EngineUnavailableException problem)
            {
                lock (_lock) _changed.TrySetException(problem);
                // Nobody may be waiting just now; the next call to the daemon says the same.
                _ = _changed.Task.Exception;
            }
        }
    }

    private void Signal(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
