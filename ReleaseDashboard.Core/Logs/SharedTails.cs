namespace ReleaseDashboard.Core.Logs;

/// <summary>The ends of all logs that are followed now. A log nobody follows any more is forgotten.</summary>
/// <param name="pace">Those who follow look at the same moments, this far apart.</param>
internal sealed class SharedTails(TimeProvider clock, TimeSpan pace, Func<string, SharedTail> open)
{
    private readonly Dictionary<string, (SharedTail Tail, int Followers)> _tails = [];
    private readonly Lock _gate = new();
    private readonly long _ticks = (long)(pace.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Number of the moment it is now.</summary>
    public long Moment => clock.GetTimestamp() / _ticks;

    public SharedTail Join(string logId)
    {
        lock (_gate)
        {
            var (tail, followers) = _tails.TryGetValue(logId, out var known) ? known : (open(logId), 0);
            _tails[logId] = (tail, followers + 1);
            return tail;
        }
    }

    public void Leave(string logId)
    {
        lock (_gate)
        {
            var (tail, followers) = _tails[logId];
            if (followers == 1) _tails.Remove(logId);
            else _tails[logId] = (tail, followers - 1);
        }
    }

    /// <summary>Waits for the next moment.</summary>
    public Task NextAsync(CancellationToken cancellationToken)
    {
        var left = _ticks - (clock.GetTimestamp() % _ticks);
        // A timer knows whole milliseconds.
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000.0 / clock.TimestampFrequency)), clock, cancellationToken);
    }
}
