using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>What is known of a log up to a line. Reading on costs what the new lines cost.</summary>
internal sealed class OutlineState
{
    /// <summary>More build steps than any build has: what prints prefixes to no end does not fill the memory.</summary>
    private const int MostBuildSteps = 2000;

    private readonly Dictionary<int, GroupCount> _tasks = [];
    private readonly SortedDictionary<(int Task, int Step), BuildCount> _builds = [];
    private readonly OutlineBuckets _buckets = new();
    private LineEntry[] _entries = [];
    private long _lines;
    private long _errors;
    private long _warnings;
    private long? _firstError;

    public long Lines => _lines;

    /// <summary>Lines that were not there any more, and were not counted.</summary>
    public long Gone { get; private set; }

    /// <summary>Reads what was added since the last time.</summary>
    public void ReadOn(LogContent content, CancellationToken cancellationToken)
    {
        if (content.State.TotalLines == _lines) return;
        if (_lines == 0) Gone = content.GoneLines;
        foreach (var found in content.Look(_lines + 1, Look, cancellationToken)) Take(content.Files, found);
        _entries = [];
        if (content.Files.NextThere(_lines + 1) <= content.State.TotalLines) return;
        _lines = content.State.TotalLines;
        _buckets.Reach(_lines);
    }

    /// <param name="kept">Where lines are, of a log of which some are gone.</param>
    public LogOutline Answer(LogState state, OutlineFrame frame, IReadOnlyList<LineRange>? kept = null)
    {
        var (size, buckets) = _buckets.Take(frame.Buckets);
        return new LogOutline(_lines, state.Ended, _errors, _warnings, _firstError, size, buckets, OutlineGroups.Of(_tasks, _builds, frame), kept);
    }

    private sealed record Found(long FirstLine, int Lines, List<MarkedLine> Marked, List<BuildLine> Build);

    private static Found Look(PieceBuffer piece)
    {
        var found = new Found(piece.FirstLine, piece.LineCount, [], []);
        MarkScan.Find(piece, found.Marked);
        BuildSteps.Find(piece, found.Build);
        return found;
    }

    private void Take(LogFiles files, Found found)
    {
        if (_entries.Length < found.Lines) _entries = new LineEntry[found.Lines];
        _lines = found.FirstLine - 1;
        var known = files.ReadEntries(found.FirstLine, _entries.AsSpan(0, found.Lines));
        int marked = 0, built = 0;
        for (var i = 0; i < found.Lines; i++)
        {
            var line = ++_lines;
            var mark = marked < found.Marked.Count && found.Marked[marked].Number == i ? found.Marked[marked++].Mark : LineMark.None;
            var build = built < found.Build.Count && found.Build[built].Number == i ? found.Build[built++] : default;
            _buckets.Add(line, mark, i < known ? _entries[i].Length : 0);
            if (mark == LineMark.Error)
            {
                _errors++;
                _firstError ??= line;
            }
            else if (mark == LineMark.Warning)
            {
                _warnings++;
            }
            if (i < known && _entries[i].Task != 0) AddToTask(files, line, _entries[i], mark, build);
        }
    }

    private void AddToTask(LogFiles files, long line, LineEntry entry, LineMark mark, BuildLine build)
    {
        if (!_tasks.TryGetValue(entry.Task, out var task)) task = _tasks[entry.Task] = new GroupCount(files.TaskOf(entry));
        task.Add(line, entry.Ticks, mark);
        if (build.Step == 0 || !task.Name.StartsWith(Tasks.ImagePrefix, StringComparison.Ordinal)) return;
        var key = (entry.Task, build.Step);
        if (!_builds.TryGetValue(key, out var step))
        {
            if (_builds.Count >= MostBuildSteps) return;
            step = _builds[key] = new BuildCount(BuildSteps.Name(files, line));
        }
        step.Count.Add(line, entry.Ticks, mark);
        if (build.End is { } end && entry.Source != LogSource.Out) step.Ended = end;
    }
}
