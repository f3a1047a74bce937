using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Appends to the files of one log. Text is written first and its records after it, so a process that is killed in between leaves text without records, which is
/// no line yet; what a completed call wrote is in the operating system's hands. Writing is a copy into the page cache and happens on the caller's thread.
/// </summary>
internal sealed class LogFileWriter : ILogWriter
{
    private readonly string _logId;
    private readonly LogPaths _paths;
    private readonly SecretMask _mask;
    private readonly TimeProvider _clock;
    private readonly Action _changed;
    private readonly Action _closed;
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _text;
    private readonly SafeFileHandle _index;
    private readonly List<string> _tasks;
    private long _textEnd;
    private bool _disposed;
    private volatile LogState _state;

    /// <param name="changed">Called after every change, from the writing thread.</param>
    public LogFileWriter(string logId, LogPaths paths, SecretMask mask, TimeProvider clock, Action changed, Action closed)
    {
        (_logId, _paths, _mask, _clock, _changed, _closed) = (logId, paths, mask, clock, changed, closed);
        var repaired = LogRepair.Open(paths, clock);
        (_text, _index, _textEnd) = (repaired.Text, repaired.Index, repaired.TextEnd);
        _state = new LogState(repaired.Lines, false);
        _tasks = [.. TaskNames.Read(paths.Tasks)];
        if (repaired.Notice is not null) Append(LogSource.Sys, "", repaired.Notice, clock.GetUtcNow().UtcTicks);
    }

    public LogState State => _state;

    public long TotalLines => _state.TotalLines;

    public ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var masked = _mask.Apply(text);
        var ticks = (at ?? _clock.GetUtcNow()).UtcTicks;
        long last;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_state.Ended) throw new InvalidOperationException($"The log {_logId} has ended.");
            last = Append(source, task, masked, ticks);
        }
        _changed();
        return ValueTask.FromResult(last);
    }

    public void Complete()
    {
        lock (_gate)
        {
            if (_disposed || _state.Ended) return;
            var record = new byte[IndexRecord.Size];
            new IndexRecord(_textEnd, _clock.GetUtcNow().UtcTicks, 0, IndexRecord.EndMark, 0).Write(record);
            Commit([], record, 1);
            RandomAccess.FlushToDisk(_text);
            RandomAccess.FlushToDisk(_index);
            _state = _state with { Ended = true };
        }
        _changed();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return ValueTask.CompletedTask;
            _disposed = true;
            _text.Dispose();
            _index.Dispose();
        }
        _closed();
        return ValueTask.CompletedTask;
    }

    private long Append(LogSource source, string task, string text, long ticks)
    {
        var rest = text.AsSpan();
        // "a\n" is one line, as is "a": what prints by the line mostly keeps its line feed.
        if (rest.EndsWith('\n')) rest = rest[..^1];
        var lines = rest.Count('\n') + 1;
        var taskNumber = TaskNumber(task);
        var textBytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(rest) + 1);
        var indexBytes = ArrayPool<byte>.Shared.Rent(lines * IndexRecord.Size);
        try
        {
            var used = 0;
            for (var i = 0; i < lines; i++)
            {
                var cut = rest.IndexOf('\n');
                var line = cut < 0 ? rest : rest[..cut];
                if (line.EndsWith('\r')) line = line[..^1];
                var length = Encoding.UTF8.GetBytes(line, textBytes.AsSpan(used));
                var sum = IndexRecord.Sum(textBytes.AsSpan(used, length));
                used += length;
                textBytes[used++] = (byte)'\n';
                new IndexRecord(_textEnd + used, ticks, taskNumber, (byte)source, sum).Write(indexBytes.AsSpan(i * IndexRecord.Size));
                rest = cut < 0 ? default : rest[(cut + 1)..];
            }
            Commit(textBytes.AsSpan(0, used), indexBytes.AsSpan(0, lines * IndexRecord.Size), lines);
            _textEnd += used;
            _state = new LogState(_state.TotalLines + lines, false);
            return _state.TotalLines;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(textBytes);
            ArrayPool<byte>.Shared.Return(indexBytes);
        }
    }

    /// <summary>All of it, or nothing of it and an exception that says why.</summary>
    private void Commit(ReadOnlySpan<byte> text, ReadOnlySpan<byte> records, int lines)
    {
        var indexEnd = (_state.TotalLines + 1) * IndexRecord.Size;
        try
        {
            RandomAccess.Write(_text, text, _textEnd);
            RandomAccess.Write(_index, records, indexEnd);
        }
        catch (IOException e)
        {
            Shrink(_index, indexEnd);
            Shrink(_text, _textEnd);
            throw new IOException($"{lines} line(s) of the log {_logId} could not be written: {e.Message} Make room on the disk of the data directory; what was written before is kept.", e);
        }
    }

    private ushort TaskNumber(string task)
    {
        if (task.Length == 0) return 0;
        var name = TaskNames.Clean(task);
        var known = _tasks.IndexOf(name);
        if (known >= 0) return (ushort)(known + 1);
        // A workflow has a handful of tasks; beyond the range of the field a line is the run's own.
        if (_tasks.Count == ushort.MaxValue) return 0;
        TaskNames.Append(_paths.Tasks, _tasks, name);
        _tasks.Add(name);
        return (ushort)_tasks.Count;
    }

    private static void Shrink(SafeFileHandle file, long length)
    {
        try
        {
            if (RandomAccess.GetLength(file) > length) RandomAccess.SetLength(file, length);
        }
        catch (IOException)
        {
            // The next write goes to the same place, and the next opening repairs.
        }
    }
}
