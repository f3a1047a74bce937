using System.Buffers;
using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>How a line stands out.</summary>
public enum LineMark
{
    None,
    Warning,
    Error,
}

/// <summary>
/// Says of a line's text alone whether it reports an error or a warning. Where the line was printed to says nothing: half of the world's tools tell their
/// progress on the error stream. <c>docs/logs.md</c> has the rule in words.
/// </summary>
public static partial class LineMarks
{
    /// <summary>Characters of a line that are looked at.</summary>
    private const int Looked = 4096;

    private static readonly SearchValues<char> BeforeValue = SearchValues.Create(":= \"'");
    private static readonly SearchValues<char> BeforeLevel = SearchValues.Create(" []/|\t");

    public static LineMark Of(ReadOnlySpan<char> line)
    {
        if (!MarkWords.MayBeMarked(line)) return LineMark.None;
        if (line.Length > Looked) line = line[..Looked];
        if (line.Contains('\u001b')) line = Colors().Replace(line.ToString(), "");
        line = WithoutBuildPrefix(line);
        if (IsCommand(line)) return LineMark.None;
        if (LevelOf(line) is { } level) return level;
        if (MarkWords.BeginsAsWarning(line)) return LineMark.Warning;
        if (MarkWords.SaysError(line)) return LineMark.Error;
        return MarkWords.SaysWarning(line) ? LineMark.Warning : LineMark.None;
    }

    /// <summary><c>#7 </c> and the seconds that BuildKit prints behind it.</summary>
    private static ReadOnlySpan<char> WithoutBuildPrefix(ReadOnlySpan<char> line)
    {
        foreach (var match in BuildPrefix().EnumerateMatches(line)) return line[match.Length..];
        return line;
    }

    /// <summary>What a tool is about to do is no report of how it went: a step of a build, a command traced by a shell.</summary>
    private static bool IsCommand(ReadOnlySpan<char> line) =>
        line.StartsWith("+ ", StringComparison.Ordinal) || line.StartsWith("$ ", StringComparison.Ordinal) || BuildStep().IsMatch(line);

    /// <summary>The level that the line says of itself, when it says one; it knows better than its words.</summary>
    private static LineMark? LevelOf(ReadOnlySpan<char> line)
    {
        foreach (var match in LevelField().EnumerateMatches(line))
        {
            var field = line.Slice(match.Index, match.Length);
            var value = field[(field.LastIndexOfAny(BeforeValue) + 1)..];
            if (FromLevel(value) is { } mark) return mark;
        }
        foreach (var match in LevelToken().EnumerateMatches(line))
        {
            var token = line.Slice(match.Index, match.Length).Trim(" \t[]()<>|:-*\"".AsSpan());
            // Some put the level last in the brackets of its source: [main/ERROR].
            return FromLevel(token[(token.LastIndexOfAny(BeforeLevel) + 1)..]);
        }
        return null;
    }

    private static LineMark? FromLevel(ReadOnlySpan<char> level) => level switch
    {
        _ when Is(level, "error", "err", "erro", "eror", "fatal", "fata", "critical", "crit", "crtl", "alert", "emerg", "emergency", "panic", "severe", "fail", "50", "60") => LineMark.Error,
        _ when Is(level, "warn", "warning", "wrn", "40") => LineMark.Warning,
        _ when Is(level, "info", "information", "inf", "notice", "debug", "dbug", "debu", "dbg", "trace", "trac", "trce", "verbose", "log", "config", "fine", "finer", "finest", "10", "20", "30") => LineMark.None,
        _ => null,
    };

    private static bool Is(ReadOnlySpan<char> level, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (level.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    [GeneratedRegex(@"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\))")]
    private static partial Regex Colors();

    [GeneratedRegex(@"^#\d+ (\d+\.\d+ )?")]
    private static partial Regex BuildPrefix();

    [GeneratedRegex(@"^\[([\w.-]+ )?\d+/\d+\] |^\[(internal|auth|linux/\w+ )|^Step \d+/\d+ : ")]
    private static partial Regex BuildStep();

    /// <summary><c>level=error</c>, <c>"severity":"ERROR"</c>, <c>"level":50</c>.</summary>
    [GeneratedRegex(@"(?<![\w.-])[""']?(level|lvl|severity|loglevel|log_level|levelname|log\.level)[""']?\s*[=:]\s*[""']?\w+", RegexOptions.IgnoreCase)]
    private static partial Regex LevelField();

    /// <summary>A level as a word of its own at the beginning, behind nothing but times, names in brackets and the like.</summary>
    [GeneratedRegex(@"^(?>[\d\-:.,/TZ+]+\s+|\[(?!\s*(?i:error|err|fatal|warn|warning|info|debug|trace|notice|crit|critical|alert|emerg|severe)\s*\])[^\]]{0,60}\]\s*|[\w.-]{1,40}\s*\|\s*)*(\[[\w./ -]*/(ERROR|FATAL|WARN|INFO|DEBUG|TRACE)\]|\[\s*(?i:error|err|fatal|critical|crit|alert|emerg|severe|warn|warning|info|notice|debug|trace)\s*\]|(ERROR|FATAL|CRITICAL|SEVERE|WARN|WARNING|INFO|NOTICE|DEBUG|TRACE|VERBOSE|ERRO|FATA|DEBU|ERR|WRN|INF|DBG)(?=[\s\[:|\]-])(?!\s*!)|(warn|warning|info|debug|trce|dbug|fail|crit)(?=:\s))")]
    private static partial Regex LevelToken();
}
