using System.Text;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// A log of which lines are gone, with those of them that were pinned, each by its old number. Their text is not where it was: it has offsets of its own, far behind all others.
/// The excerpts are read when the first of them is needed.
/// </summary>
/// <param name="rest">What is left besides; null for nothing.</param>
internal sealed class PinnedLog(ILogData? rest, LogState state, string path) : ILogData
{
    private const long Behind = 1L << 62;

    private readonly Lazy<Excerpts> _pins = new(() => new Excerpts(path, rest, state.TotalLines));

    public long FirstLine => rest?.FirstLine ?? state.TotalLines + 1;

    public long FirstOffset => rest?.FirstOffset ?? 0;

    public IReadOnlyList<LineRange> Gone => _pins.Value.Gone;

    public long LastGone => rest?.LastGone ?? state.TotalLines;

    public LogPruned? Pruned => rest is null ? state.Pruned : rest.Pruned;

    public IReadOnlyList<string> Tasks => _pins.Value.Tasks;

    public bool ShowsOtherwise => _pins.IsValueCreated || rest is { ShowsOtherwise: true };

    public LogState State() => rest?.State() ?? state;

    public LogLine Shown(LogLine line) => line.Number <= LastGone && _pins.Value.Find(line.Number) is var at and >= 0 ? _pins.Value.Lines[at] : rest?.Shown(line) ?? line;

    public int ReadText(long offset, Span<byte> to)
    {
        if (offset < Behind) return rest?.ReadText(offset, to) ?? 0;
        var text = _pins.Value.Text.AsSpan((int)Math.Min(_pins.Value.Text.Length, offset - Behind));
        text = text[..Math.Min(text.Length, to.Length)];
        text.CopyTo(to);
        return text.Length;
    }

    public int ReadEntries(long line, Span<LineEntry> to)
    {
        if (line > LastGone) return rest?.ReadEntries(line, to) ?? 0;
        var pins = _pins.Value;
        var at = pins.Find(line);
        if (at >= 0)
        {
            var done = 0;
            for (; done < to.Length && at < pins.Lines.Count && pins.Lines[at].Number == line; done++, at++, line++) to[done] = pins.Entry(at, Behind);
            return done;
        }
        // Up to the next line that is somewhere else.
        var next = at == ~pins.Lines.Count ? long.MaxValue : pins.Lines[~at].Number;
        return rest?.ReadEntries(line, to[..(int)Math.Min(to.Length, next - line)]) ?? 0;
    }

    public IEnumerable<LogPiece> Pieces(long totalLines)
    {
        using var pinned = _pins.Value.Pieces(Behind).GetEnumerator();
        var more = pinned.MoveNext();
        foreach (var piece in rest?.Pieces(totalLines) ?? [])
        {
            for (; more && pinned.Current.FirstLine < piece.FirstLine; more = pinned.MoveNext()) yield return pinned.Current;
            yield return piece;
        }
        for (; more; more = pinned.MoveNext()) yield return pinned.Current;
    }

    public void Dispose() => rest?.Dispose();

    /// <summary>The pinned lines that are gone otherwise.</summary>
    private sealed class Excerpts
    {
        private readonly int[] _ends;
        private readonly List<string> _tasks;

        public Excerpts(string path, ILogData? rest, long total)
        {
            var gone = rest?.Gone ?? [new LineRange(1, total)];
            Lines = [.. new LogPins(path).Lines().Where(l => LineRange.At(gone, l.Number) is { } range && range.From <= l.Number)];
            Gone = Holes(gone);
            _tasks = [.. rest?.Tasks ?? []];
            _tasks.AddRange(Lines.Select(l => l.Task).Distinct().Where(t => t.Length > 0).Except(_tasks));
            using var text = new MemoryStream();
            _ends = new int[Lines.Count];
            for (var i = 0; i < Lines.Count; i++)
            {
                text.Write(Encoding.UTF8.GetBytes(Lines[i].Text.Replace('\n', ' ')));
                text.WriteByte((byte)'\n');
                _ends[i] = (int)text.Length;
            }
            Text = text.ToArray();
        }

        public IReadOnlyList<LogLine> Lines { get; }

        public IReadOnlyList<LineRange> Gone { get; }

        public IReadOnlyList<string> Tasks => _tasks;

        public byte[] Text { get; }

        /// <summary>The place of a line, or the complement of the place where it would be.</summary>
        public int Find(long line)
        {
            var (low, high) = (0, Lines.Count - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                if (Lines[middle].Number == line) return middle;
                if (Lines[middle].Number < line) low = middle + 1;
                else high = middle - 1;
            }
            return ~low;
        }

        public LineEntry Entry(int at, long offset) =>
            new(offset + Start(at), offset + _ends[at], Lines[at].At.UtcTicks, (ushort)(_tasks.IndexOf(Lines[at].Task) + 1), Lines[at].Source);

        public IEnumerable<LogPiece> Pieces(long offset)
        {
            for (int first = 0, last; first < Lines.Count; first = last + 1)
            {
                last = first;
                while (last + 1 < Lines.Count && Lines[last + 1].Number == Lines[last].Number + 1 && _ends[last + 1] - Start(first) <= LogPiece.Size) last++;
                var cut = _ends[last] - Start(first) > LogPiece.Size;
                yield return new LogPiece(offset + Start(first), cut ? LogFiles.LineCap : _ends[last] - Start(first), Lines[first].Number, cut ? 0 : last - first + 1, cut);
            }
        }

        private int Start(int at) => at == 0 ? 0 : _ends[at - 1];

        private List<LineRange> Holes(IReadOnlyList<LineRange> gone)
        {
            var holes = new List<LineRange>();
            var at = 0;
            foreach (var range in gone)
            {
                var next = range.From;
                for (; at < Lines.Count && Lines[at].Number <= range.To; at++)
                {
                    LineRange.Add(holes, new LineRange(next, Lines[at].Number - 1));
                    next = Lines[at].Number + 1;
                }
                LineRange.Add(holes, new LineRange(next, range.To));
            }
            return holes;
        }
    }
}
