using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>Several logs as one, in the order in which their lines came. A timeline is read by its name like any other log, with stable line numbers; its tasks are the names of its logs.</summary>
internal interface ILogTimelines
{
    /// <summary>Lines were added to a log: they are added to the timeline.</summary>
    void Advance(string timelineId, TimelineMember log);

    /// <summary>The logs a timeline is made of, oldest first; none when there is no such timeline. What is missing in it is added.</summary>
    IReadOnlyList<TimelineMember> Members(string timelineId);

    /// <summary>For every log that is part of a timeline, the name of that.</summary>
    IReadOnlyDictionary<string, string> ListLogs();

    /// <summary>Names of all timelines that begin so.</summary>
    IReadOnlyList<string> List(string prefix);

    void Delete(string timelineId);
}

internal sealed class LogTimelines(IOptions<CoreOptions> options, FileLogStore store) : ILogTimelines, IDisposable
{
    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Value.DataDirectory, "logs"));
    private readonly ConcurrentDictionary<string, Lazy<Timeline>> _open = new();

    public void Advance(string timelineId, TimelineMember log)
    {
        if (Of(timelineId).Advance(log)) store.Changed(timelineId);
    }

    public IReadOnlyList<TimelineMember> Members(string timelineId) =>
        _open.ContainsKey(timelineId) || File.Exists(TimelineFiles.Of(LogPaths.Of(_folder, timelineId)).Records) ? Of(timelineId).Members : [];

    public IReadOnlyDictionary<string, string> ListLogs()
    {
        var logs = new Dictionary<string, string>();
        foreach (var timeline in List(""))
        {
            foreach (var log in TimelineFiles.Members(TaskNames.Read(TimelineFiles.Of(LogPaths.Of(_folder, timeline)).Logs))) logs[log.LogId] = timeline;
        }
        return logs;
    }

    public IReadOnlyList<string> List(string prefix) =>
        Directory.Exists(_folder)
            ? [.. Directory.EnumerateFiles(_folder, "*" + TimelineFiles.RecordsEnd).Select(f => Path.GetFileNameWithoutExtension(f)).Where(id => id.StartsWith(prefix, StringComparison.Ordinal))]
            : [];

    public void Delete(string timelineId)
    {
        if (_open.TryRemove(timelineId, out var open)) open.Value.Dispose();
        var paths = LogPaths.Of(_folder, timelineId);
        var files = TimelineFiles.Of(paths);
        TimelineGone.Forget(files.Records);
        if (!Directory.Exists(_folder)) return;
        File.Delete(paths.Pins);
        File.Delete(files.Records);
        File.Delete(files.Logs);
        store.Changed(timelineId);
    }

    public void Dispose()
    {
        foreach (var open in _open.Values.Where(o => o.IsValueCreated)) open.Value.Dispose();
    }

    private Timeline Of(string timelineId) => _open.GetOrAdd(
        timelineId, id => new Lazy<Timeline>(() => new Timeline(LogPaths.Of(_folder, id), store.State, log => LogFiles.Open(LogPaths.Of(_folder, log))))).Value;
}
