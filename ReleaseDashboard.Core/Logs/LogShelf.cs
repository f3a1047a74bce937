using System.Threading.Channels;
using ReleaseDashboard.Core.Logs.Compressed;
using ReleaseDashboard.Core.Logs.Writing;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Which logs there are and in which form, and who writes them. Files change their form only here: under one gate, for a log that has no writer, in an order that
/// leaves a readable log wherever the process is killed.
/// </summary>
internal sealed class LogShelf(string folder, LogOptions options, TimeProvider clock, Action<string> changed)
{
    private readonly Dictionary<string, LogFileWriter?> _writers = [];
    private readonly Lock _gate = new();
    private readonly Channel<string> _ended = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    public string Folder => folder;

    /// <summary>Logs that ended just now. What is missed here is found by looking at the folder.</summary>
    public ChannelReader<string> Ended => _ended.Reader;

    public LogPaths PathsOf(string logId) => LogPaths.Of(folder, logId);

    /// <summary>With what was pinned of it.</summary>
    public LogFiles? Open(string logId) => LogFiles.OpenWithPins(PathsOf(logId));

    /// <summary>Null when nobody of this process writes the log.</summary>
    public LogFileWriter? Writer(string logId)
    {
        lock (_gate) return _writers.GetValueOrDefault(logId);
    }

    public LogFileWriter OpenWriter(string logId, IReadOnlyCollection<string> secrets)
    {
        var paths = PathsOf(logId);
        var mask = new SecretMask(secrets);
        lock (_gate)
        {
            if (!_writers.TryAdd(logId, null)) throw new InvalidOperationException($"The log {logId} is being written already.");
        }
        LogFileWriter? writer = null;
        try
        {
            // Outside of the gate: a large log takes seconds.
            Inflate.Run(paths);
            return writer = new LogFileWriter(logId, paths, mask, LimitOf(logId), clock, () => changed(logId), () => Close(logId));
        }
        finally
        {
            lock (_gate)
            {
                if (writer is null) _writers.Remove(logId);
                else _writers[logId] = writer;
            }
        }
    }

    /// <summary>Does something with the files of a log while nobody can begin to write it. False when somebody writes it.</summary>
    public bool Change(string logId, Func<LogPaths, bool> change)
    {
        bool done;
        lock (_gate)
        {
            if (_writers.ContainsKey(logId)) return false;
            done = change(PathsOf(logId));
        }
        if (done) changed(logId);
        return done;
    }

    public IEnumerable<string> List(string prefix, params string[] ends)
    {
        if (!Directory.Exists(folder)) return [];
        return ends.SelectMany(end => Directory.EnumerateFiles(folder, prefix + "*" + end).Select(f => Path.GetFileName(f)[..^end.Length]))
            .Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).Distinct();
    }

    private LogLimit LimitOf(string logId) => logId.StartsWith("instance-", StringComparison.Ordinal)
        ? new(options.MaxMegabytesPerInstance * 1024L * 1024, DropsOldest: true)
        : new(options.MaxMegabytesPerRun * 1024L * 1024, DropsOldest: false);

    private void Close(string logId)
    {
        bool ended;
        lock (_gate) ended = _writers.Remove(logId, out var writer) && writer!.State.Ended;
        changed(logId);
        if (ended) _ended.Writer.TryWrite(logId);
    }
}
