using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Counts every occurrence in the whole log and lists those from a line on.</summary>
internal sealed class LogSearch(LogPattern pattern, long from, int limit)
{
    /// <summary>Characters of a match's line that are answered behind the match.</summary>
    private const int TextAfter = 512;

    private const int TextBudget = 4 * 1024 * 1024;

    private readonly List<LogMatch> _matches = [];
    private long _total;
    private long? _nextFrom;
    private int _textUsed;
    private volatile bool _full;

    public LogMatches Run(LogContent content, CancellationToken cancellationToken)
    {
        foreach (var found in content.Look(1, Look, cancellationToken)) Take(found);
        return new LogMatches(_matches, _total, _nextFrom);
    }

    /// <param name="Unlisted">First line with a match that was not listed because the page was full.</param>
    private sealed record Found(long Total, IReadOnlyList<FoundLine> Listed, long? Unlisted);

    private sealed record FoundLine(long Number, int Count, IReadOnlyList<LogMatch> Matches);

    private Found Look(PieceBuffer piece)
    {
        // Known only to later pieces, and only to save them work: what is too much is left out when it is taken.
        if (_full || piece.FirstLine + piece.LineCount <= from) return new Found(pattern.Count(piece), [], null);
        var lines = new List<PieceLine>();
        pattern.FindLines(piece, lines);
        var listed = new List<FoundLine>();
        var found = new List<(int Column, int Length)>();
        long total = 0, kept = 0, text = 0;
        long? unlisted = null;
        foreach (var line in lines)
        {
            found.Clear();
            var number = piece.FirstLine + line.Number;
            var keep = number >= from && kept <= limit && text <= TextBudget;
            var count = pattern.FindInLine(piece, line, keep ? limit : 0, found);
            total += count;
            if (number < from) continue;
            if (!keep)
            {
                unlisted ??= number;
                continue;
            }
            var matches = new List<LogMatch>(found.Count);
            foreach (var (column, length) in found)
            {
                if (text > TextBudget) break;
                matches.Add(new LogMatch(number, column, length, pattern.Text(piece, line, column + length + TextAfter)));
                text += matches[^1].Text.Length;
            }
            listed.Add(new FoundLine(number, count, matches));
            kept += count;
        }
        return new Found(total, listed, unlisted);
    }

    private void Take(Found found)
    {
        _total += found.Total;
        foreach (var line in found.Listed)
        {
            if (_nextFrom is not null) break;
            // A line's matches stay on one page, except where a single line has more than a page holds.
            if (_matches.Count > 0 && (_matches.Count + line.Count > limit || _textUsed > TextBudget))
            {
                _nextFrom = line.Number;
                break;
            }
            _matches.AddRange(line.Matches);
            _textUsed += line.Matches.Sum(m => m.Text.Length);
        }
        _nextFrom ??= found.Unlisted;
        _full = _nextFrom is not null;
    }
}
