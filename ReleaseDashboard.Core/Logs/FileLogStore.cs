using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Logs as files in the data directory; <c>docs/logs.md</c> has the layout. Readers read the files, with or without a writer: nothing of a log is held in memory, and
/// a reader costs the writer nothing.
/// </summary>
internal sealed class FileLogStore(IOptions<CoreOptions> options, TimeProvider clock) : ILogStore, ILogTail, ILogContents
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Enough for a follower to overtake a writer of 100,000 lines a second; a batch is also bounded in bytes.</summary>
    private const int FollowLines = 10_000;

    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Value.DataDirectory, "logs"));
    private readonly LogSignals _signals = new();
    private readonly Dictionary<string, LogFileWriter> _writers = [];
    private readonly Lock _gate = new();

    public ILogWriter OpenWriter(string logId, IReadOnlyCollection<string> secrets)
    {
        var paths = LogPaths.Of(_folder, logId);
        var mask = new SecretMask(secrets);
        lock (_gate)
        {
            if (_writers.ContainsKey(logId)) throw new InvalidOperationException($"The log {logId} is being written already.");
            var writer = new LogFileWriter(logId, paths, mask, clock, () => _signals.Raise(logId), () => Close(logId));
            _writers.Add(logId, writer);
            return writer;
        }
    }

    public LogState State(string logId)
    {
        if (FindWriter(logId) is { } writer) return writer.State;
        using var files = LogFiles.Open(LogPaths.Of(_folder, logId));
        return files?.State() ?? new LogState(0, false);
    }

    public Task<LogBatch> ReadAsync(string logId, long from, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(logId, Math.Max(1, from), limit));
    }

    public async IAsyncEnumerable<LogBatch> FollowAsync(string logId, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Math.Max(1, from);
        var pace = new Pacer(clock, Pace);
        using var changes = _signals.Subscribe(logId);
        while (true)
        {
            // Taken before looking: a line written in between completes it.
            var changed = changes.Next();
            var batch = Read(logId, next, FollowLines);
            next += batch.Lines.Count;
            var ended = batch.Ended && next > batch.TotalLines;
            if (batch.Lines.Count > 0 || ended) yield return batch with { Ended = ended };
            if (ended) yield break;
            if (next > batch.TotalLines) await changed.WaitAsync(cancellationToken);
            await pace.WaitAsync(cancellationToken);
        }
    }

    public async IAsyncEnumerable<LogState> WatchAsync(string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pace = new Pacer(clock, Pace);
        using var changes = _signals.Subscribe(logId);
        while (true)
        {
            var changed = changes.Next();
            var state = State(logId);
            yield return state;
            if (state.Ended) yield break;
            await changed.WaitAsync(cancellationToken);
            await pace.WaitAsync(cancellationToken);
        }
    }

    public Task<TaskLines> CountTaskLinesAsync(string logId, string task, CancellationToken cancellationToken) =>
        Task.Run(() =>
        {
            using var files = LogFiles.Open(LogPaths.Of(_folder, logId));
            return files?.CountTask(task, State(logId).TotalLines, cancellationToken) ?? default;
        }, cancellationToken);

    public LogContent? Open(string logId)
    {
        // The writer's own count, so that nothing is found in a line before it is committed.
        var written = FindWriter(logId)?.State;
        var files = LogFiles.Open(LogPaths.Of(_folder, logId));
        return files is null ? null : new LogContent(files, written ?? files.State());
    }

    public Stream? OpenRaw(string logId)
    {
        var state = State(logId);
        using var files = LogFiles.Open(LogPaths.Of(_folder, logId));
        return files?.TakeText(files.EndOf(state.TotalLines));
    }

    public void Delete(string logId)
    {
        var paths = LogPaths.Of(_folder, logId);
        lock (_gate)
        {
            if (_writers.ContainsKey(logId)) throw new InvalidOperationException($"The log {logId} is being written and cannot be deleted.");
            if (!Directory.Exists(_folder)) return;
            // The index first: without it the log does not exist for readers.
            File.Delete(paths.Index);
            File.Delete(paths.Text);
            File.Delete(paths.Tasks);
        }
        _signals.Raise(logId);
    }

    public IReadOnlyList<string> List(string prefix) =>
        Directory.Exists(_folder)
            ? [.. Directory.EnumerateFiles(_folder, "*.idx").Select(f => Path.GetFileNameWithoutExtension(f)).Where(id => id.StartsWith(prefix, StringComparison.Ordinal))]
            : [];

    private LogBatch Read(string logId, long from, int limit)
    {
        // The writer's own count, so that a reader never sees a line before it is committed.
        var writer = FindWriter(logId);
        using var files = LogFiles.Open(LogPaths.Of(_folder, logId));
        if (files is null) return new LogBatch(from, [], 0, false);
        var state = writer?.State ?? files.State();
        return new LogBatch(from, files.ReadLines(from, limit, state.TotalLines), state.TotalLines, state.Ended);
    }

    private LogFileWriter? FindWriter(string logId)
    {
        lock (_gate) return _writers.GetValueOrDefault(logId);
    }

    private void Close(string logId)
    {
        lock (_gate) _writers.Remove(logId);
        _signals.Raise(logId);
    }
}
