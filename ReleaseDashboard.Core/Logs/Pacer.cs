namespace ReleaseDashboard.Core.Logs;

/// <summary>Keeps rounds at least a time apart. A round that comes later than that waits for nothing: the first line after a silence is shown at once.</summary>
internal sealed class Pacer(TimeProvider clock, TimeSpan apart)
{
    private long _last = clock.GetTimestamp();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var left = apart - clock.GetElapsedTime(_last);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _last = clock.GetTimestamp();
    }
}
