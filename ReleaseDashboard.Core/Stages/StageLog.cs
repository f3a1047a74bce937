using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>What one task (or, with an empty name, the run itself) writes to the run's log; remembers which lines are its own.</summary>
internal sealed class TaskLog(ILogWriter writer, string task, long? firstLine = null, Action? changed = null) : IEngineOutput
{
    private readonly Lock _lock = new();
    private long? _first = firstLine;
    private long? _last;

    public string Task => task;

    public (long? First, long? Last) Lines
    {
        get
        {
            lock (_lock) return (_first, _last ?? _first);
        }
    }

    /// <summary>A line of the dashboard's own.</summary>
    public async ValueTask<long> SayAsync(string text, CancellationToken cancellationToken)
    {
        var number = await writer.WriteAsync(LogSource.Sys, task, text, cancellationToken);
        Remember(number);
        return number;
    }

    public async ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) =>
        Remember(await writer.WriteAsync(source, task, text, cancellationToken));

    public async ValueTask WriteLinesAsync(LogSource source, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var written = await writer.WriteBytesAsync(source, task, lines, cancellationToken);
        if (!written.IsEmpty) Remember(written.Last, written.First);
    }

    private void Remember(long last, long? first = null)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _first is null;
            _first ??= first ?? last;
            _last = Math.Max(_last ?? 0, last);
        }

        if (isFirst) changed?.Invoke();
    }
}

/// <summary>Marks everything as the dashboard's own words, so that it is never counted as output of a job's process.</summary>
internal sealed class SystemOutput(TaskLog log) : IEngineOutput
{
    public async ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => await log.SayAsync(text, cancellationToken);
}
