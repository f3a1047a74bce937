using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>
/// Finds known lines again in Docker's log, which is fed to it line by line. Each source for itself: of two streams Docker keeps the order within each, not between them.
/// Pure.
/// </summary>
internal sealed class TailMatch
{
    /// <summary>Longer ones may come back shortened.</summary>
    private const int LongLine = 16_000;

    private readonly Half _out;
    private readonly Half _err;

    public TailMatch(IReadOnlyList<OutputLine> tail)
    {
        _out = new Half([.. tail.Where(l => l.Source != LogSource.Err)]);
        _err = new Half([.. tail.Where(l => l.Source == LogSource.Err)]);
    }

    /// <summary>Lines were found again in one place of each source and in no other.</summary>
    public bool IsCertain => IsFound && _out.Found <= 1 && _err.Found <= 1;

    public bool IsFound => _out.Found + _err.Found > 0 && (_out.Found > 0 || _out.IsEmpty) && (_err.Found > 0 || _err.IsEmpty);

    public void Feed(OutputLine line) => (line.Source == LogSource.Err ? _err : _out).Feed(line);

    /// <summary>Called for the same lines in the same order once all were fed: whether a line comes after the known ones. Of several places the one nearest in time counts.</summary>
    public Func<OutputLine, bool> NewLines()
    {
        // A source without known lines to compare goes by the other one's time, which is by the same clock.
        DateTimeOffset? end = _out.EndsAt > _err.EndsAt || _err.EndsAt is null ? _out.EndsAt : _err.EndsAt;
        long seenOut = 0, seenErr = 0;
        return line => line.Source == LogSource.Err ? IsNew(_err, ++seenErr, line.At, end) : IsNew(_out, ++seenOut, line.At, end);
    }

    private static bool IsNew(Half half, long number, DateTimeOffset at, DateTimeOffset? end) => half.Found > 0 ? number > half.Place : at > end;

    private sealed class Half(IReadOnlyList<OutputLine> known)
    {
        private readonly OutputLine[] _recent = new OutputLine[Math.Max(1, known.Count)];
        private long _fed;
        private TimeSpan _distance;

        public bool IsEmpty => known.Count == 0;

        /// <summary>Places in which all known lines were found.</summary>
        public int Found { get; private set; }

        /// <summary>Number of the last known line among those fed.</summary>
        public long Place { get; private set; }

        public DateTimeOffset? EndsAt { get; private set; }

        public void Feed(OutputLine line)
        {
            if (IsEmpty) return;
            _recent[_fed++ % _recent.Length] = line;
            if (_fed < known.Count) return;
            for (var i = 1; i <= known.Count; i++)
            {
                if (!Same(known[^i].Text, _recent[(_fed - i) % _recent.Length].Text)) return;
            }

            var distance = (line.At - known[^1].At).Duration();
            if (Found++ > 0 && distance > _distance) return;
            (Place, EndsAt, _distance) = (_fed, line.At, distance);
        }

        /// <summary>A known line may come out of the log store, where secrets are masked, long lines cut and broken characters replaced: such a line fits any.</summary>
        private static bool Same(string known, string read) =>
            known == read || known.Contains("***", StringComparison.Ordinal) || known.Contains('\uFFFD') || known.Length >= LongLine;
    }
}
