using System.Buffers;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Writing;

/// <summary>The writer of one log: lines out of what comes, secrets out of the lines, and the log's limit; <see cref="LineSink"/> has the files.</summary>
internal sealed class LogFileWriter : ILogWriter
{
    /// <summary>Characters that are encoded at once.</summary>
    private const int Slice = 256 * 1024;

    private readonly string _logId;
    private readonly LogPaths _paths;
    private readonly SecretMask _mask;
    private readonly TimeProvider _clock;
    private readonly Action _changed;
    private readonly Action _closed;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Task, LogSource Source), UnfinishedLine> _unfinished = [];
    private readonly LineSink _sink;
    private readonly LineGate _lines;
    private readonly SecretCounts _secrets;
    private int _spills;
    private bool _disposed;
    private volatile LogState _state;

    /// <param name="changed">Called after every change, from the writing thread.</param>
    public LogFileWriter(string logId, LogPaths paths, SecretMask mask, LogLimit limit, TimeProvider clock, Action changed, Action closed)
    {
        (_logId, _paths, _mask, _clock, _changed, _closed) = (logId, paths, mask, clock, changed, closed);
        var opened = LogRepair.Open(paths, clock);
        _sink = new LineSink(logId, paths, opened);
        _secrets = new SecretCounts(paths.Secrets);
        _lines = new LineGate(_sink, mask, limit, _secrets, new PrunedNote(paths.Pruned), clock);
        if (opened.Notice is not null) _lines.Say("", opened.Notice);
        if (opened.Gap is not null) _lines.Say("", opened.Gap.ToString());
        _state = new LogState(_sink.Lines, false, _lines.Pruned);
    }

    public LogState State => _state;

    public long TotalLines => _state.TotalLines;

    public IReadOnlyList<SecretFinding> Findings => _secrets.All;

    public ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null) =>
        ValueTask.FromResult(Write(() => AddText(source, task, text, Ticks(at)), cancellationToken).Last);

    public ValueTask<WrittenLines> WriteBytesAsync(LogSource source, string task, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, DateTimeOffset? at = null) =>
        ValueTask.FromResult(Write(() => AddBytes(Unfinished(source, task), source, task, bytes.Span, Ticks(at)), cancellationToken));

    public ValueTask<WrittenLines> EndLineAsync(LogSource source, string task, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Write(() => EndLine(Unfinished(source, task), source, task), cancellationToken));

    public ValueTask<WrittenLines> WriteLinesAsync(string task, LogLines lines, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Write(() => _lines.Write(task, lines.AllText, lines.Stamps()), cancellationToken));

    public void Complete()
    {
        lock (_gate)
        {
            if (_disposed || _state.Ended) return;
            foreach (var ((task, source), line) in _unfinished) EndLine(line, source, task);
            _lines.SayLeftOut();
            _sink.End(_clock.GetUtcNow().UtcTicks);
            _secrets.Save();
            _state = new LogState(_sink.Lines, true, _lines.Pruned);
        }
        _changed();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return ValueTask.CompletedTask;
            _disposed = true;
            if (!_state.Ended) SaveWhatWasCounted();
            foreach (var line in _unfinished.Values) line.Dispose();
            _sink.Dispose();
        }
        _closed();
        return ValueTask.CompletedTask;
    }

    private WrittenLines Write(Action write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WrittenLines range;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_state.Ended) throw new InvalidOperationException($"The log {_logId} has ended.");
            var before = _sink.Lines;
            try
            {
                write();
            }
            finally
            {
                // A part may have been written before the disk was full.
                if (_sink.Lines > before) _state = new LogState(_sink.Lines, false, _lines.Pruned);
            }
            range = new WrittenLines(before + 1, _sink.Lines);
        }
        if (!range.IsEmpty) _changed();
        return range;
    }

    private void AddText(LogSource source, string task, string text, long ticks)
    {
        var rest = text.AsSpan();
        // "a\n" is one line, as is "a": what prints by the line mostly keeps its line feed.
        if (rest.EndsWith('\n')) rest = rest[..^1];
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(Math.Min(Slice, rest.Length)) + 1);
        try
        {
            if (rest.Length <= Slice)
            {
                var length = Encoding.UTF8.GetBytes(rest, bytes);
                bytes[length++] = (byte)'\n';
                _lines.Write(task, WithoutReturns(bytes.AsSpan(0, length)), [new LineStamp(ticks, source)]);
                return;
            }
            using var line = new UnfinishedLine(SpillPath(), _mask);
            var encoder = Encoding.UTF8.GetEncoder();
            for (; !rest.IsEmpty; rest = rest[Math.Min(Slice, rest.Length)..])
            {
                var used = encoder.GetBytes(rest[..Math.Min(Slice, rest.Length)], bytes, flush: rest.Length <= Slice);
                AddBytes(line, source, task, bytes.AsSpan(0, used), ticks);
            }
            EndLine(line, source, task, evenEmpty: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void AddBytes(UnfinishedLine line, LogSource source, string task, ReadOnlySpan<byte> bytes, long ticks)
    {
        if (!line.IsEmpty && bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            line.Add(bytes[..end], ticks, _lines.RoomFor(source));
            EndLine(line, source, task);
            bytes = bytes[(end + 1)..];
        }
        var whole = bytes.LastIndexOf((byte)'\n') + 1;
        if (whole > 0)
        {
            if (bytes[..whole].IndexOf("\r\n"u8) < 0) _lines.Write(task, bytes[..whole], [new LineStamp(ticks, source)]);
            else _lines.Write(task, WithoutReturns(bytes[..whole].ToArray()), [new LineStamp(ticks, source)]);
        }
        if (whole < bytes.Length) line.Add(bytes[whole..], ticks, _lines.RoomFor(source));
    }

    private void EndLine(UnfinishedLine line, LogSource source, string task, bool evenEmpty = false)
    {
        if (line.IsEmpty && !evenEmpty) return;
        var stamp = new LineStamp(line.IsEmpty ? Ticks(null) : line.Ticks, source);
        if (line.IsShort && line.LeftOut == 0) _lines.Write(task, WithoutReturns([.. line.Held, (byte)'\n']), [stamp]);
        else if (line.IsShort) _lines.LeaveOut(task, [.. line.Held, (byte)'\n'], line.LeftOut, stamp);
        else
        {
            var (text, secrets) = line.Take();
            _lines.WriteLong(task, text, secrets, line.LeftOut, stamp);
        }
        line.Clear();
    }

    private UnfinishedLine Unfinished(LogSource source, string task)
    {
        if (!_unfinished.TryGetValue((task, source), out var line)) _unfinished[(task, source)] = line = new UnfinishedLine(SpillPath(), _mask);
        return line;
    }

    private string SpillPath() => $"{_paths.Text}.{++_spills}{LogPaths.Unfinished}";

    private long Ticks(DateTimeOffset? at) => (at ?? _clock.GetUtcNow()).UtcTicks;

    private void SaveWhatWasCounted()
    {
        try
        {
            _lines.SayLeftOut();
            _secrets.Save();
        }
        catch (IOException)
        {
            // The disk is full, and that is what the attempt ends with.
        }
    }

    /// <summary>In place.</summary>
    private static ReadOnlySpan<byte> WithoutReturns(Span<byte> lines)
    {
        var to = lines.IndexOf("\r\n"u8);
        if (to < 0) return lines;
        for (var from = to; from < lines.Length; from++)
        {
            if (lines[from] != '\r' || from + 1 == lines.Length || lines[from + 1] != '\n') lines[to++] = lines[from];
        }
        return lines[..to];
    }
}
