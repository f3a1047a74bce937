using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// The writer of a run's log that says when a secret was printed, so that the pages of the run show it while the run goes on: at the first of each task, and when the number of all has
/// doubled, for a task that prints one in every line must not make the pages read all the time. The last number comes with the end of the task.
/// </summary>
internal sealed class FindingNews(ILogWriter log, Action found) : ILogWriter
{
    private readonly Lock _gate = new();
    private IReadOnlyList<SecretFinding> _seen = log.Findings;
    private int _tasks = log.Findings.Count;
    private long _said = log.Findings.Sum(f => f.Count);

    public long TotalLines => log.TotalLines;

    public IReadOnlyList<SecretFinding> Findings => log.Findings;

    public async ValueTask<long> WriteAsync(LogSource source, string task, string text, CancellationToken cancellationToken, DateTimeOffset? at = null)
    {
        var line = await log.WriteAsync(source, task, text, cancellationToken, at);
        Look();
        return line;
    }

    public async ValueTask<WrittenLines> WriteBytesAsync(LogSource source, string task, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, DateTimeOffset? at = null)
    {
        var lines = await log.WriteBytesAsync(source, task, bytes, cancellationToken, at);
        Look();
        return lines;
    }

    public async ValueTask<WrittenLines> EndLineAsync(LogSource source, string task, CancellationToken cancellationToken)
    {
        var lines = await log.EndLineAsync(source, task, cancellationToken);
        Look();
        return lines;
    }

    public async ValueTask<WrittenLines> WriteLinesAsync(string task, LogLines lines, CancellationToken cancellationToken)
    {
        var written = await log.WriteLinesAsync(task, lines, cancellationToken);
        Look();
        return written;
    }

    public ValueTask<long> MarkGapAsync(string task, LogGap gap, CancellationToken cancellationToken) => log.MarkGapAsync(task, gap, cancellationToken);

    public void Complete() => log.Complete();

    public ValueTask DisposeAsync() => log.DisposeAsync();

    // The list is another one when something was found; nearly always it is the same.
    private void Look()
    {
        var now = log.Findings;
        if (ReferenceEquals(now, Volatile.Read(ref _seen))) return;
        lock (_gate)
        {
            Volatile.Write(ref _seen, now);
            var count = now.Sum(f => f.Count);
            if (now.Count <= _tasks && count < 2 * _said) return;
            (_tasks, _said) = (now.Count, count);
        }
        found();
    }
}
