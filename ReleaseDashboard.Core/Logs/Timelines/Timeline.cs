using Microsoft.Win32.SafeHandles;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>
/// Appends to a timeline what its logs have and it does not have yet. Derived from the logs, so a record that a killed process did not write is written by whoever opens it next,
/// and one that a power loss tore is dropped and made again.
/// </summary>
internal sealed class Timeline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimelineFiles _files;
    private readonly SafeFileHandle _records;
    private readonly Func<string, LogState> _state;
    private readonly Func<string, LogFiles?> _open;
    private readonly List<TimelineMember> _members;

    /// <summary>For each log the last of its lines that is here.</summary>
    private readonly List<long> _covered = [];

    private long _count;
    private bool _disposed;

    /// <param name="state">How long a log is, committed lines only.</param>
    public Timeline(LogPaths paths, Func<string, LogState> state, Func<string, LogFiles?> open)
    {
        (_files, _state, _open) = (TimelineFiles.Of(paths), state, open);
        Directory.CreateDirectory(Path.GetDirectoryName(_files.Records)!);
        _members = [.. TimelineFiles.Members(TaskNames.Read(_files.Logs))];
        _covered.AddRange(_members.Select(_ => 0L));
        _records = File.OpenHandle(_files.Records, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!TimelineRecord.HasHeader(_records))
        {
            RandomAccess.SetLength(_records, 0);
            TimelineRecord.WriteHeader(_records);
        }

        Load();
        foreach (var member in _members.ToList()) Advance(member);
    }

    public IReadOnlyList<TimelineMember> Members
    {
        get
        {
            lock (_gate) return [.. _members];
        }
    }

    /// <summary>Takes the lines a log has more than this has of it. False when there are none.</summary>
    public bool Advance(TimelineMember member)
    {
        lock (_gate)
        {
            if (_disposed) return false;
            var number = _members.FindIndex(m => m.LogId == member.LogId);
            if (number < 0)
            {
                if (_members.Count == ushort.MaxValue) return false;
                TaskNames.Append(_files.Logs, [.. _members.Select(TimelineFiles.Line)], TimelineFiles.Line(member));
                _members.Add(member);
                _covered.Add(0);
                number = _members.Count - 1;
            }

            var total = _state(member.LogId).TotalLines;
            if (total <= _covered[number]) return false;
            using var log = _open(member.LogId);
            Span<LineEntry> entry = stackalloc LineEntry[1];
            // Lines that were dropped before they came here are not in it.
            var first = Math.Max(_covered[number] + 1, log?.FirstLine ?? 1);
            if (log is null || log.ReadEntries(first, entry) == 0) return false;
            var start = entry[0].Start;
            var end = log.EndOf(total);
            var last = TimelineRecord.Read(_records, _count)!.Value;
            var added = new TimelineRecord(last.LineEnd + total - first + 1, last.TextEnd + end - start, first, start, (ushort)(number + 1));
            var before = _count == 0 ? default : TimelineRecord.Read(_records, _count - 1)!.Value;
            var goesOn = _count > 0 && last.Log == added.Log && last.FirstLine + last.LineEnd - before.LineEnd == first && last.TextStart + last.TextEnd - before.TextEnd == start;
            if (goesOn) added = added with { FirstLine = last.FirstLine, TextStart = last.TextStart };
            else _count++;
            added.Write(_records, _count);
            _covered[number] = total;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _records.Dispose();
        }
    }

    private void Load()
    {
        var bytes = new byte[TimelineRecord.Size * 4096];
        var (number, line) = (0L, 0L);
        while (true)
        {
            var read = RandomAccess.Read(_records, bytes, (number + 1) * TimelineRecord.Size) / TimelineRecord.Size;
            var taken = 0;
            for (; taken < read; taken++)
            {
                if (TimelineRecord.Parse(bytes.AsSpan(taken * TimelineRecord.Size)[..TimelineRecord.Size]) is not { } record || record.Log > _members.Count || record.LineEnd <= line) break;
                var covered = record.FirstLine + record.LineEnd - line - 1;
                // A log that a power loss made shorter: what it had is written again, with other lines.
                if (_state(_members[record.Log - 1].LogId).TotalLines is var total && total > 0 && total < covered && IsLast(number + taken + 1)) break;
                _covered[record.Log - 1] = Math.Max(_covered[record.Log - 1], covered);
                line = record.LineEnd;
            }

            number += taken;
            if (taken < 4096) break;
        }

        _count = number;
        RandomAccess.SetLength(_records, (_count + 1) * TimelineRecord.Size);
    }

    private bool IsLast(long number) => RandomAccess.GetLength(_records) < (number + 2) * TimelineRecord.Size;
}
