using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Engines;

/// <summary>Keeps what an operation says.</summary>
internal class OutputRecorder : IEngineOutput
{
    private readonly ConcurrentQueue<(LogSource Source, string Text)> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines.Select(l => l.Text)];

    public IReadOnlyList<(LogSource Source, string Text)> All => [.. _lines];

    /// <summary>Called with every line before it is kept.</summary>
    public Action<string> OnLine { get; set; } = _ => { };

    public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken)
    {
        OnLine(text);
        _lines.Enqueue((source, text));
        return ValueTask.CompletedTask;
    }
}

/// <summary>Keeps what a rollout tells and asks, in order.</summary>
internal sealed class RolloutRecorder : OutputRecorder, IServiceRollout
{
    public ConcurrentQueue<string> Progress { get; } = new();
    public ConcurrentQueue<string> Order { get; } = new();
    public IReadOnlyList<ObservedInstance> Serving { get; private set; } = [];
    public string? ServedHash { get; init; }
    public Func<ObservedInstance, ValueTask> OnStarting { get; set; } = _ => ValueTask.CompletedTask;
    public Action<string> OnProgress { get; set; } = _ => { };
    public Func<Task> OnSwitch { get; set; } = () => Task.CompletedTask;

    public ValueTask StartingAsync(ObservedInstance instance, CancellationToken cancellationToken) => OnStarting(instance);

    public ValueTask ProgressAsync(string detail, CancellationToken cancellationToken)
    {
        Progress.Enqueue(detail);
        OnProgress(detail);
        return ValueTask.CompletedTask;
    }

    public async Task SwitchAsync(IReadOnlyList<ObservedInstance> ready, CancellationToken cancellationToken)
    {
        Serving = ready;
        Order.Enqueue("switch");
        await OnSwitch();
    }

    public Task DrainAsync(ObservedInstance old, CancellationToken cancellationToken)
    {
        Order.Enqueue($"drain {old.Id}");
        return Task.CompletedTask;
    }
}
