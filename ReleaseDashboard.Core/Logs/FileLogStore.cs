using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Writing;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Logs as files in the data directory; <c>docs/logs.md</c> has the layout. Readers read the files, with or without a writer: nothing of a log is held in memory, and
/// a reader costs the writer nothing.
/// </summary>
internal sealed class FileLogStore : ILogStore, ILogTail, ILogContents, ILogKeeping
{
    private static readonly TimeSpan FollowPace = TimeSpan.FromMilliseconds(100);

    /// <summary>Of states, which are small: somebody looks at them.</summary>
    private static readonly TimeSpan WatchPace = TimeSpan.FromMilliseconds(50);

    /// <summary>Enough for a follower to overtake a writer of 100,000 lines a second; a batch is also bounded in bytes.</summary>
    private const int FollowLines = 10_000;

    private readonly LogSignals _signals = new();
    private readonly TimeProvider _clock;
    private readonly LogShelf _shelf;
    private readonly LogKeeping _keeping;
    private readonly SharedTails _tails;

    public FileLogStore(IOptions<CoreOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _shelf = new LogShelf(Path.GetFullPath(Path.Combine(options.Value.DataDirectory, "logs")), options.Value.Logs, clock, _signals.Raise);
        _keeping = new LogKeeping(_shelf, clock);
        _tails = new SharedTails(clock, FollowPace, logId => new SharedTail(clock, () => _tails!.Moment, () => State(logId), (from, state) => Read(logId, from, FollowLines, state)));
    }

    /// <summary>Logs that ended just now.</summary>
    public ChannelReader<string> Ended => _shelf.Ended;

    public ILogWriter OpenWriter(string logId, IReadOnlyCollection<string> secrets) => _shelf.OpenWriter(logId, secrets);

    /// <summary>For what is read as a log and not written by <see cref="OpenWriter"/>.</summary>
    public void Changed(string logId) => _signals.Raise(logId);

    public LogState State(string logId)
    {
        if (_shelf.Writer(logId) is { } writer) return writer.State;
        using var files = _shelf.Open(logId);
        return StateOf(logId, files);
    }

    public IReadOnlyList<SecretFinding> Findings(string logId) => _shelf.Writer(logId)?.Findings ?? SecretCounts.Read(_shelf.PathsOf(logId).Secrets);

    public Task<LogBatch> ReadAsync(string logId, long from, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(logId, Math.Max(1, from), limit));
    }

    public async IAsyncEnumerable<LogBatch> FollowAsync(string logId, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = Math.Max(1, from);
        using var changes = _signals.Subscribe(logId);
        var tail = _tails.Join(logId);
        try
        {
            while (true)
            {
                // Taken before looking: a line written in between completes it.
                var changed = changes.Next();
                var asked = _clock.GetTimestamp();
                var batch = tail.Read(next, out var takenAt);
                while (batch is { Lines.Count: 0, Ended: false } && takenAt < asked)
                {
                    await _tails.NextAsync(cancellationToken);
                    batch = tail.Read(next, out takenAt);
                }

                // Lines that were pruned are passed over.
                next = batch.Lines.Count > 0 ? batch.FirstLine + batch.Lines.Count : next;
                var ended = batch.Ended && (next > batch.TotalLines || batch.Lines.Count == 0);
                if (batch.Lines.Count > 0 || ended) yield return ended == batch.Ended ? batch : batch with { Ended = ended };
                if (ended) yield break;
                if (next > batch.TotalLines || batch.Lines.Count == 0) await changed.WaitAsync(cancellationToken);
                await _tails.NextAsync(cancellationToken);
            }
        }
        finally
        {
            _tails.Leave(logId);
        }
    }

    public async IAsyncEnumerable<LogState> WatchAsync(string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pace = new Pacer(_clock, WatchPace);
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
            using var files = LogFiles.Open(_shelf.PathsOf(logId));
            return files?.CountTask(task, State(logId).TotalLines, cancellationToken) ?? default;
        }, cancellationToken);

    public LogContent? Open(string logId)
    {
        // The writer's own count, so that nothing is found in a line before it is committed.
        var written = _shelf.Writer(logId)?.State;
        var files = _shelf.Open(logId);
        return files is null ? null : new LogContent(files, written ?? StateOf(logId, files));
    }

    public Stream? OpenRaw(string logId)
    {
        var state = State(logId);
        using var files = LogFiles.Open(_shelf.PathsOf(logId));
        return files?.TakeText(files.EndOf(state.TotalLines));
    }

    public async Task<string?> PinAsync(string logId, long from, long to, CancellationToken cancellationToken)
    {
        if (from < 1 || to < from || to - from >= LogPins.MostLines) return $"A pinned excerpt has 1 to {LogPins.MostLines:N0} lines.";
        var lines = new List<LogLine>();
        while (from + lines.Count <= to)
        {
            var batch = await ReadAsync(logId, from + lines.Count, (int)(to - from + 1) - lines.Count, cancellationToken);
            if (batch.Lines.Count == 0 || batch.FirstLine != from + lines.Count) return $"Line {from + lines.Count} is not in this log{(batch.TotalLines > to ? " any more" : "")}.";
            lines.AddRange(batch.Lines);
        }
        return new LogPins(_shelf.PathsOf(logId).Pins).Add(lines);
    }

    public void Delete(string logId) => _keeping.Delete(logId);

    public IReadOnlyList<string> List(string prefix) => [.. _shelf.List(prefix, LogPaths.IndexEnd, LogPaths.CompressedEnd, LogPaths.PrunedEnd)];

    public IReadOnlyList<KeptLog> ListKept() => _keeping.ListKept();

    public bool Prune(string logId, string reason) => _keeping.Prune(logId, reason);

    public Task<bool> CompressAsync(string logId, Func<CancellationToken, ValueTask> breathe, CancellationToken cancellationToken) => _keeping.CompressAsync(logId, breathe, cancellationToken);

    /// <summary>Removes what a killed process left half made. Only at the start.</summary>
    public void Tidy() => _keeping.Tidy();

    private LogBatch Read(string logId, long from, int limit)
    {
        // The writer's own count, so that a reader never sees a line before it is committed.
        var writer = _shelf.Writer(logId);
        using var files = _shelf.Open(logId);
        return Read(files, from, limit, writer?.State ?? StateOf(logId, files));
    }

    private LogBatch Read(string logId, long from, int limit, LogState state)
    {
        using var files = _shelf.Open(logId);
        return Read(files, from, limit, state);
    }

    private static LogBatch Read(LogFiles? files, long from, int limit, LogState state)
    {
        if (files is null) return new LogBatch(from, [], state.TotalLines, state.Ended);
        var lines = files.ReadLines(from, limit, state.TotalLines);
        return new LogBatch(lines.Count > 0 ? lines[0].Number : from, lines, state.TotalLines, state.Ended);
    }

    private LogState StateOf(string logId, LogFiles? files)
    {
        if (files is null) return new PrunedNote(_shelf.PathsOf(logId).Pruned).Read() is { } gone ? new LogState(gone.Lines, true, gone) : new LogState(0, false);
        var state = files.State();
        return files.LastGone == 0 ? state : state with { Pruned = files.Pruned ?? new PrunedNote(_shelf.PathsOf(logId).Pruned).Read() };
    }
}
