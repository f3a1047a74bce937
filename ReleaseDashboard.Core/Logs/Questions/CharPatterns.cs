using System.Buffers;
using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Text with characters whose other case is not one bit away.</summary>
internal sealed class CharPattern(string text) : LogPattern
{
    private readonly SearchValues<string> _text = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);

    public override long Count(PieceBuffer piece)
    {
        if (text.Contains('\n')) return 0;
        var rest = piece.Chars;
        var count = 0;
        for (var hit = rest.IndexOfAny(_text); hit >= 0; hit = rest.IndexOfAny(_text), count++) rest = rest[(hit + text.Length)..];
        return count;
    }

    public override void FindLines(PieceBuffer piece, List<PieceLine> lines)
    {
        if (text.Contains('\n')) return;
        var chars = piece.Chars;
        var number = 0;
        for (int at = 0, hit; (hit = chars[at..].IndexOfAny(_text)) >= 0; number++)
        {
            var before = chars.Slice(at, hit);
            number += before.Count('\n');
            var start = at + before.LastIndexOf('\n') + 1;
            var end = at + hit + chars[(at + hit)..].IndexOf('\n');
            lines.Add(new PieceLine(number, start, end));
            at = end + 1;
        }
    }

    public override int FindInLine(PieceBuffer piece, PieceLine line, int limit, List<(int Column, int Length)> found)
    {
        var chars = piece.Chars[line.Start..line.End];
        int count = 0, at = 0;
        for (int hit; (hit = chars[at..].IndexOfAny(_text)) >= 0; count++, at += hit + text.Length)
        {
            if (count < limit) found.Add((at + hit, text.Length));
        }
        return count;
    }

    public override string Text(PieceBuffer piece, PieceLine line, int length) => piece.Chars[line.Start..Math.Min(line.End, line.Start + length)].ToString();
}

/// <summary>A regular expression, line by line, in a time that is linear in the length of the text whatever is asked for.</summary>
internal sealed class RegexPattern : LogPattern
{
    private readonly Regex _regex;

    public RegexPattern(string expression, bool ignoreCase)
    {
        try
        {
            _regex = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("Lookaround, backreferences and atomic groups cannot be searched for.", nameof(expression));
        }
    }

    public override long Count(PieceBuffer piece)
    {
        long count = 0;
        var chars = piece.Chars;
        for (int at = 0, end; at < chars.Length; at = end + 1)
        {
            end = at + chars[at..].IndexOf('\n');
            foreach (var match in _regex.EnumerateMatches(chars[at..end])) count++;
        }
        return count;
    }

    public override void FindLines(PieceBuffer piece, List<PieceLine> lines)
    {
        var chars = piece.Chars;
        for (int at = 0, end, number = 0; at < chars.Length; at = end + 1, number++)
        {
            end = at + chars[at..].IndexOf('\n');
            if (_regex.IsMatch(chars[at..end])) lines.Add(new PieceLine(number, at, end));
        }
    }

    public override int FindInLine(PieceBuffer piece, PieceLine line, int limit, List<(int Column, int Length)> found)
    {
        var count = 0;
        foreach (var match in _regex.EnumerateMatches(piece.Chars[line.Start..line.End]))
        {
            if (count++ < limit) found.Add((match.Index, match.Length));
        }
        return count;
    }

    public override string Text(PieceBuffer piece, PieceLine line, int length) => piece.Chars[line.Start..Math.Min(line.End, line.Start + length)].ToString();
}
