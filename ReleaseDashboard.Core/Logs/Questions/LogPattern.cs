using System.Text;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Whether capitals and small letters are the same.</summary>
public enum LogCase
{
    /// <summary>The same for a text without capitals. A regular expression says its case itself.</summary>
    Auto,
    Match,
    Ignore,
}

/// <summary>What to look for in a log.</summary>
public sealed record LogQuery(string Text, bool Regex = false, LogCase Case = LogCase.Auto);

/// <summary>A line of a piece.</summary>
/// <param name="Number">0 is the piece's first.</param>
/// <param name="Start">In bytes or characters, as the pattern reads the piece.</param>
internal readonly record struct PieceLine(int Number, int Start, int End);

/// <summary>A query, ready to be looked for in pieces by several threads.</summary>
internal abstract class LogPattern
{
    /// <summary>Throws <see cref="ArgumentException"/> for a regular expression that cannot be used; the message says why.</summary>
    public static LogPattern Of(LogQuery query)
    {
        if (query.Text.Length == 0) throw new ArgumentException("The query is empty.", nameof(query));
        if (query.Regex) return new RegexPattern(query.Text, query.Case == LogCase.Ignore);
        var ignoreCase = query.Case == LogCase.Ignore || (query.Case == LogCase.Auto && !query.Text.Any(char.IsUpper));
        return ignoreCase && !Ascii.IsValid(query.Text) ? new CharPattern(query.Text) : new BytePattern(query.Text, ignoreCase);
    }

    /// <summary>Occurrences in the piece; those of one line do not overlap.</summary>
    public abstract long Count(PieceBuffer piece);

    /// <summary>Adds the lines that have it, in order.</summary>
    public abstract void FindLines(PieceBuffer piece, List<PieceLine> lines);

    /// <summary>Adds the first occurrences in a line, as characters of it, and returns how many it has.</summary>
    public abstract int FindInLine(PieceBuffer piece, PieceLine line, int limit, List<(int Column, int Length)> found);

    /// <summary>The first characters of a line.</summary>
    public abstract string Text(PieceBuffer piece, PieceLine line, int length);
}
