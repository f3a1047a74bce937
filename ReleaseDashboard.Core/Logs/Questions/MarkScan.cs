using System.Buffers;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <param name="Number">0 is the piece's first line.</param>
internal readonly record struct MarkedLine(int Number, LineMark Mark);

/// <summary>Marks the lines of a piece: the few that have a sign are looked at, the others are passed over many characters at a time.</summary>
internal static class MarkScan
{
    public static void Find(PieceBuffer piece, List<MarkedLine> marked)
    {
        var chars = piece.Chars;
        int at = 0, number = 0, sign = -1, shortSign = -1;
        while (at < chars.Length)
        {
            if (sign < at) sign = Next(chars, at, MarkWords.Signs);
            if (shortSign < at)
            {
                // A short sign may begin with the line feed before its line.
                shortSign = Next(chars, Math.Max(0, at - 1), MarkWords.ShortSigns);
                if (shortSign < chars.Length && chars[shortSign] == '\n') shortSign++;
            }
            // No line feed stands before the first line.
            var hit = at == 0 ? 0 : Math.Min(sign, shortSign);
            if (hit == int.MaxValue) return;
            var before = chars[at..hit];
            number += before.Count('\n');
            var start = at + before.LastIndexOf('\n') + 1;
            var end = hit + chars[hit..].IndexOf('\n');
            if (LineMarks.Of(chars[start..end]) is var mark and not LineMark.None) marked.Add(new MarkedLine(number, mark));
            number++;
            at = end + 1;
        }
    }

    private static int Next(ReadOnlySpan<char> chars, int at, SearchValues<string> signs)
    {
        var hit = chars[at..].IndexOfAny(signs);
        return hit < 0 ? int.MaxValue : at + hit;
    }
}
