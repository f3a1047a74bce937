using System.Collections.Concurrent;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// "This log changed." A writer raises, without waiting for anybody and at no cost when nobody listens; a reader takes <see cref="Subscription.Next"/> before it
/// looks at the log, so that no change falls between looking and waiting.
/// </summary>
internal sealed class LogSignals
{
    private readonly ConcurrentDictionary<string, Signal> _signals = new();
    private readonly Lock _gate = new();

    public void Raise(string logId)
    {
        if (_signals.TryGetValue(logId, out var signal)) signal.Raise();
    }

    public Subscription Subscribe(string logId)
    {
        lock (_gate)
        {
            var signal = _signals.GetOrAdd(logId, static _ => new Signal());
            signal.Listeners++;
            return new Subscription(this, logId, signal);
        }
    }

    private void Unsubscribe(string logId, Signal signal)
    {
        lock (_gate)
        {
            if (--signal.Listeners == 0) _signals.TryRemove(logId, out _);
        }
    }

    internal sealed class Subscription(LogSignals owner, string logId, Signal signal) : IDisposable
    {
        private bool _disposed;

        /// <summary>Completes at the first change after this call.</summary>
        public Task Next() => signal.Next();

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            owner.Unsubscribe(logId, signal);
        }
    }

    internal sealed class Signal
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource? _next;

        /// <summary>Guarded by the owner's gate.</summary>
        public int Listeners { get; set; }

        public Task Next()
        {
            lock (_gate)
            {
                // Readers go on elsewhere: a writer never runs their code.
                return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }

        public void Raise()
        {
            TaskCompletionSource? raised;
            lock (_gate)
            {
                raised = _next;
                _next = null;
            }
            raised?.TrySetResult();
        }
    }
}
