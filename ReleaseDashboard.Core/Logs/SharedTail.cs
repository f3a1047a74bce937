using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// The end of a log that is followed, read once for all who follow: those who look in the same moment see the same state, so they get the same lines from then on, in one and
/// the same <see cref="LogBatch"/>. Whoever is far behind reads for himself.
/// </summary>
/// <param name="moment">Number of the moment it is now.</param>
/// <param name="read">Lines from one on, of the log in a state.</param>
internal sealed class SharedTail(TimeProvider clock, Func<long> moment, Func<LogState> state, Func<long, LogState, LogBatch> read)
{
    /// <summary>Lines from which on a look is nobody else's.</summary>
    private const int Far = 10_000;

    private readonly Lock _gate = new();
    private long _moment = -1;
    private long _takenAt;
    private LogState _state = new(0, false);
    private LogBatch? _newest;
    private long _newestFrom;

    /// <param name="takenAt">Timestamp: what was written later may not be in it.</param>
    public LogBatch Read(long from, out long takenAt)
    {
        LogState now;
        lock (_gate)
        {
            if (moment() is var number && number != _moment)
            {
                _takenAt = clock.GetTimestamp();
                _state = state();
                _moment = number;
            }

            (now, takenAt) = (_state, _takenAt);
            if (from > now.TotalLines) return new LogBatch(from, [], now.TotalLines, now.Ended);
            if (now.TotalLines - from < Far)
            {
                if (_newest is null || _newestFrom != from || _newest.TotalLines != now.TotalLines || _newest.Ended != now.Ended) (_newest, _newestFrom) = (read(from, now), from);
                return _newest;
            }
        }

        return read(from, now);
    }
}
