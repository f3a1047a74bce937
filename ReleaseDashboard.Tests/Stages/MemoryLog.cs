using System.Runtime.CompilerServices;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>Logs in memory, as durable as the test.</summary>
internal sealed class MemoryLog(CrashPoints? crashes = null) : ILogStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<LogLine>> _logs = [];

    public IReadOnlyList<LogLine> Lines(string logId)
    {
        lock (_lock) return [.. _logs.GetValueOrDefault(logId) ?? []];
    }

    public ILogWriter OpenWriter(string logId, IReadOnlyCollection<string> secrets) => new Writer(this, logId);

    public LogState State(string logId) => new(Lines(logId).Count, false);

    public Task<LogBatch> ReadAsync(string logId, long from, int limit, CancellationToken cancellationToken)
    {
        var lines = Lines(logId);
        return Task.FromResult(new LogBatch(from, [.. lines.Skip((int)from - 1).Take(limit)], lines.Count, false));
    }

    public async IAsyncEnumerable<LogBatch> FollowAsync(string logId, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ReadAsync(logId, from, int.MaxValue, cancellationToken);
    }

    public Task<TaskLines> CountTaskLinesAsync(string logId, string task, CancellationToken cancellationToken)
    {
        var own = Lines(logId).Where(l => l.Task == task).ToList();
        return Task.FromResult(new TaskLines(own.Count(l => l.Source != LogSource.Sys), own.FirstOrDefault()?.Number, own.LastOrDefault()?.Number));
    }

    public Stream? OpenRaw(string logId) => throw new NotSupportedException();

    public void Delete(string logId) => throw new NotSupportedException();

    public IReadOnlyList<string> List(string prefix) => throw new NotSupportedException();

    private sealed class Writer(MemoryLog log, string logId) : ILogWriter
    {
        public long TotalLines => log.Lines(logId).Count;

        public ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            crashes()?.Pass($"log before '{text}'");
            long number;
            lock (log._lock)
            {
                if (!log._logs.TryGetValue(logId, out var lines)) log._logs[logId] = lines = [];
                number = lines.Count + 1;
                lines.Add(new LogLine(number, at ?? DateTimeOffset.UnixEpoch, source, task, text));
            }

            crashes()?.Pass($"log after '{text}'");
            return ValueTask.FromResult(number);

            CrashPoints? crashes() => log.Crashes;
        }

        public void Complete()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private CrashPoints? Crashes { get; } = crashes;
}
