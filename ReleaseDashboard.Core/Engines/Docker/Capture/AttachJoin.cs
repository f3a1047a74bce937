using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>
/// Where an attached stream, which begins anywhere and knows no times, continues what was read from Docker's log. Pure. For one source; both are given to it line by line.
/// </summary>
/// <param name="attachedAt">When the stream began: what was printed before is never in it, however alike it looks.</param>
internal sealed class AttachJoin(DateTimeOffset attachedAt)
{
    /// <summary>More than can be printed while the log is read: Docker lets the process wait after a megabyte that nobody takes.</summary>
    private const int Kept = 32_768;

    /// <summary>Lines that have to fit.</summary>
    private const int Compared = 64;

    private readonly List<OutputLine> _read = [];
    private readonly List<string> _heard = [];

    public bool HasHeard => _heard.Count > 0;

    public bool WantsMore => _heard.Count < Compared;

    public void Read(OutputLine line)
    {
        if (line.At < attachedAt) return;
        _read.Add(line);
        if (_read.Count >= 2 * Kept) _read.RemoveRange(0, Kept);
    }

    public void Heard(IEnumerable<string> lines) => _heard.AddRange(lines.Take(Compared - _heard.Count));

    /// <summary>How many lines of the stream were read from the log already; null when the stream begins behind what was read, as far as can be seen yet.</summary>
    public long? Overlap()
    {
        long? overlap = null;
        var nearest = TimeSpan.MaxValue;
        for (var at = _read.Count - 1; at >= 0; at--)
        {
            if (!Fits(at)) continue;
            var distance = (_read[at].At - attachedAt).Duration();
            if (distance >= nearest) continue;
            (overlap, nearest) = (_read.Count - at, distance);
        }

        return overlap;
    }

    private bool Fits(int at)
    {
        var lines = Math.Min(_heard.Count, _read.Count - at);
        // The stream may begin in the middle of a line.
        if (!_read[at].Text.EndsWith(_heard[0], StringComparison.Ordinal)) return false;
        for (var i = 1; i < lines; i++)
        {
            if (_read[at + i].Text != _heard[i]) return false;
        }

        return true;
    }
}
