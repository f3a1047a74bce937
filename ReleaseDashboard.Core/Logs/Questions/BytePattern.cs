using System.Text;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Text that is compared byte by byte: UTF-8 never has the bytes of one character inside of others.</summary>
internal sealed class BytePattern(string text, bool ignoreCase) : LogPattern
{
    private readonly ByteNeedle _needle = new(Encoding.UTF8.GetBytes(text), ignoreCase);

    /// <summary>No line has a line feed, and what is no text is in no log.</summary>
    private readonly bool _impossible = text.Contains('\n') || text.AsSpan().ContainsLoneSurrogate();

    public override long Count(PieceBuffer piece) => _impossible ? 0 : _needle.Count(piece.Bytes);

    public override void FindLines(PieceBuffer piece, List<PieceLine> lines)
    {
        if (_impossible) return;
        var bytes = piece.Bytes;
        var number = 0;
        for (int at = 0, hit; (hit = _needle.IndexOf(bytes[at..])) >= 0; number++)
        {
            var before = bytes.Slice(at, hit);
            number += before.Count((byte)'\n');
            var start = at + before.LastIndexOf((byte)'\n') + 1;
            var end = at + hit + bytes[(at + hit)..].IndexOf((byte)'\n');
            lines.Add(new PieceLine(number, start, end));
            at = end + 1;
        }
    }

    public override int FindInLine(PieceBuffer piece, PieceLine line, int limit, List<(int Column, int Length)> found)
    {
        var bytes = piece.Bytes[line.Start..line.End];
        int count = 0, column = 0, at = 0;
        for (int hit; (hit = _needle.IndexOf(bytes[at..])) >= 0; count++, at += hit + _needle.Length)
        {
            if (count >= limit) continue;
            column += Encoding.UTF8.GetCharCount(bytes.Slice(at, hit));
            found.Add((column, text.Length));
            column += text.Length;
        }
        return count;
    }

    public override string Text(PieceBuffer piece, PieceLine line, int length)
    {
        // A character has at most four bytes, and the text is cut where its characters are counted.
        var bytes = piece.Bytes[line.Start..line.End];
        var shown = Encoding.UTF8.GetString(bytes[..(int)Math.Min(bytes.Length, ((long)length + 1) * 4)]);
        return shown.Length <= length ? shown : shown[..length];
    }
}

internal static class Surrogates
{
    public static bool ContainsLoneSurrogate(this ReadOnlySpan<char> text)
    {
        for (; !text.IsEmpty; text = text[1..])
        {
            if (!char.IsSurrogate(text[0])) continue;
            if (text.Length < 2 || !char.IsSurrogatePair(text[0], text[1])) return true;
            text = text[1..];
        }
        return false;
    }
}
