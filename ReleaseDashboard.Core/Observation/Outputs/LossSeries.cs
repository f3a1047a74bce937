using System.Globalization;
using ReleaseDashboard.Core.Engines;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// A process that crashes again and again, whose output the engine does not keep, leaves a gap at each of its starts. The first is told at once; those that follow soon for the same
/// reason are told together, less and less often.
/// </summary>
internal sealed class LossSeries(TimeProvider clock)
{
    /// <summary>After this long without a gap the next is news again. Docker waits at most a minute before it starts a process again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private string? _reason;
    private OutputLoss? _held;
    private int _count;
    private long _lossAt;
    private long _toldAt;
    private TimeSpan _wait;

    /// <summary>What is to be told now that something is missing.</summary>
    public IReadOnlyList<OutputLoss> Take(OutputLoss loss)
    {
        var goesOn = _reason == loss.Reason && clock.GetElapsedTime(_lossAt) < Pause;
        _lossAt = clock.GetTimestamp();
        if (!goesOn)
        {
            var before = End();
            (_reason, _toldAt, _wait) = (loss.Reason, _lossAt, FirstWait);
            return before is null ? [loss] : [before, loss];
        }

        _held = _held is null ? loss : loss with { From = _held.From, Lines = _held.Lines + loss.Lines };
        _count++;
        return clock.GetElapsedTime(_toldAt) >= _wait ? Tell() : [];
    }

    /// <summary>What is to be told before lines that come now: what was held back, once the series seems to be over.</summary>
    public IReadOnlyList<OutputLoss> Quiet() => _held is null || clock.GetElapsedTime(_lossAt) < Pause ? [] : Tell();

    /// <summary>What was held back; null for nothing.</summary>
    public OutputLoss? End()
    {
        var held = _held is null || _count == 1 ? _held : _held with { Reason = string.Create(CultureInfo.InvariantCulture, $"{_held.Reason}; it happened {_count:N0} times in this time") };
        (_held, _count) = (null, 0);
        return held;
    }

    private IReadOnlyList<OutputLoss> Tell()
    {
        _toldAt = clock.GetTimestamp();
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
        return End() is { } told ? [told] : [];
    }
}
