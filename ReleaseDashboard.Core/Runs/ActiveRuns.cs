using System.Collections.Concurrent;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The runs this process carries out now.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<long, ActiveRun> _runs = new();

    public int Count => _runs.Count;

    public IReadOnlyCollection<long> Ids => [.. _runs.Keys];

    public IReadOnlyCollection<ActiveRun> All => [.. _runs.Values];

    public ActiveRun? Find(long id) => _runs.GetValueOrDefault(id);

    public bool Add(ActiveRun run) => _runs.TryAdd(run.Run.Id, run);

    public void Remove(ActiveRun run) => _runs.TryRemove(new KeyValuePair<long, ActiveRun>(run.Run.Id, run));
}

/// <summary>Why a run's work was ended from outside. The first reason stays.</summary>
internal enum EndReason
{
    None,
    /// <summary>Somebody asked; the run ends canceled.</summary>
    Cancel,
    /// <summary>The process stops; the run goes back to the queue as it is.</summary>
    Stop,
    /// <summary>The lease could not be kept; another attempt may own the run.</summary>
    Lost,
}

/// <summary>One run under way and the handle to end it.</summary>
internal sealed class ActiveRun(Run run) : IDisposable
{
    private readonly CancellationTokenSource _work = new();
    private int _reason;

    public Run Run => run;

    public CancellationToken Work => _work.Token;

    public EndReason Reason => (EndReason)Volatile.Read(ref _reason);

    public Task Completion { get; set; } = Task.CompletedTask;

    public void End(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)EndReason.None) != (int)EndReason.None) return;
        try
        {
            _work.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this very moment.
        }
    }

    public void Dispose() => _work.Dispose();
}
