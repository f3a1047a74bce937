using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>
/// Looks through the text of a log in large pieces. A query without capitals finds every case, one with capitals only itself; a regular expression says its case
/// itself. Only what is shown of an over-long line is looked at. Every occurrence is counted; those from the asked line on are listed.
/// </summary>
internal sealed class LogSearch
{
    private const int ChunkSize = 1024 * 1024;

    /// <summary>Characters of a match's line that are answered behind the match.</summary>
    private const int TextAfter = 512;

    private const int TextBudget = 4 * 1024 * 1024;

    private readonly SearchValues<string>? _text;
    private readonly int _length;
    private readonly Regex? _regex;
    private readonly long _from;
    private readonly int _limit;
    private readonly List<LogMatch> _matches = [];
    private long _total;
    private long? _nextFrom;
    private int _textUsed;

    /// <summary>Throws <see cref="ArgumentException"/> for a regular expression that cannot be used; the message says why.</summary>
    public LogSearch(string query, bool regex, long from, int limit)
    {
        if (query.Length == 0) throw new ArgumentException("The query is empty.", nameof(query));
        (_from, _limit, _length) = (from, limit, query.Length);
        if (!regex)
        {
            var exact = query.Any(char.IsUpper);
            _text = SearchValues.Create([query], exact ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
            return;
        }
        try
        {
            // Linear in the length of the text, whatever is asked for.
            _regex = new Regex(query, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("Lookaround, backreferences and atomic groups cannot be searched for.", nameof(query));
        }
    }

    public LogMatches Run(LogFiles files, long totalLines, CancellationToken cancellationToken)
    {
        var end = files.EndOf(totalLines);
        var bytes = new byte[ChunkSize];
        var chars = new char[ChunkSize];
        long offset = 0, line = 1;
        while (offset < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = files.ReadText(offset, bytes.AsSpan(0, (int)Math.Min(ChunkSize, end - offset)));
            if (read == 0) break;
            var cut = bytes.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (cut >= 0)
            {
                line += Search(bytes.AsSpan(0, cut + 1), chars, line);
                offset += cut + 1;
                continue;
            }
            // One line larger than the piece: its shown part, then on to its end.
            Search([.. bytes.AsSpan(0, Math.Min(read, LogFiles.LineCap)), (byte)'\n'], chars, line);
            offset = files.EndOf(line++);
        }
        return new LogMatches(_matches, _total, _nextFrom);
    }

    /// <summary>Searches whole lines and returns how many there were.</summary>
    private int Search(ReadOnlySpan<byte> bytes, char[] chars, long firstLine)
    {
        ReadOnlySpan<char> text = chars.AsSpan(0, Encoding.UTF8.GetChars(bytes, chars));
        var all = text.Count('\n');
        if (_text is null)
        {
            for (var n = firstLine; text.Length > 0; n++)
            {
                var end = text.IndexOf('\n');
                if (_regex!.IsMatch(Shown(text[..end]))) Take(text[..end], n);
                text = text[(end + 1)..];
            }
            return all;
        }
        var number = firstLine;
        for (var hit = text.IndexOfAny(_text); hit >= 0; hit = text.IndexOfAny(_text))
        {
            number += text[..hit].Count('\n');
            var start = text[..hit].LastIndexOf('\n') + 1;
            var end = hit + text[hit..].IndexOf('\n');
            Take(text[start..end], number++);
            text = text[(end + 1)..];
        }
        return all;
    }

    private void Take(ReadOnlySpan<char> line, long number)
    {
        var shown = Shown(line);
        var found = Matches(shown);
        if (found.Count == 0) return;
        _total += found.Count;
        if (number < _from || _nextFrom is not null) return;

        // A line's matches stay on one page, except where a single line has more than a page holds.
        if (_matches.Count > 0 && (_matches.Count + found.Count > _limit || _textUsed > TextBudget))
        {
            _nextFrom = number;
            return;
        }
        foreach (var (column, length) in found.Take(_limit))
        {
            if (_textUsed > TextBudget) break;
            var text = shown[..Math.Min(shown.Length, column + length + TextAfter)].ToString();
            _textUsed += text.Length;
            _matches.Add(new LogMatch(number, column, length, text));
        }
    }

    private static ReadOnlySpan<char> Shown(ReadOnlySpan<char> line) => line.Length <= LogFiles.LineCap / 4 ? line : Clip(line);

    private static ReadOnlySpan<char> Clip(ReadOnlySpan<char> line)
    {
        if (Encoding.UTF8.GetByteCount(line) <= LogFiles.LineCap) return line;
        Span<byte> buffer = new byte[LogFiles.LineCap];
        Encoding.UTF8.GetEncoder().Convert(line, buffer, flush: false, out var used, out _, out _);
        return line[..used];
    }

    private List<(int Column, int Length)> Matches(ReadOnlySpan<char> line)
    {
        var found = new List<(int, int)>();
        if (_regex is not null)
        {
            foreach (var match in _regex.EnumerateMatches(line)) found.Add((match.Index, match.Length));
            return found;
        }
        var from = 0;
        for (var hit = line.IndexOfAny(_text!); hit >= 0; hit = line[from..].IndexOfAny(_text!))
        {
            found.Add((from + hit, _length));
            from += hit + _length;
        }
        return found;
    }
}
