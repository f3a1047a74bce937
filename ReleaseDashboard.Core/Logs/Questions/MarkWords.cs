using System.Buffers;
using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>The words by which a line without a level tells of an error or a warning.</summary>
internal static partial class MarkWords
{
    /// <summary>Every marked line has one of these; most lines have none, and nothing more is done for them.</summary>
    public static readonly SearchValues<string> Signs = SearchValues.Create(
        ["err", "fatal", "panic", "exception", "traceback", "fail", "warn", "wrn", "crit", "severe", "alert", "emerg", "deprecat", "denied", "not found", "fault", "out of memory", "oomkilled", "core dumped", "killed", "exit", "level\":", "unhandled", "uncaught"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Signs at the beginning of a line that are too short to be looked for anywhere: apt's <c>E:</c>, klog's <c>E0312 10:20:30</c>.</summary>
    public static readonly SearchValues<string> ShortSigns = SearchValues.Create(
        ["\nE: ", "\nW: ", " E: ", " W: ", "\nE0", "\nE1", "\nF0", "\nF1", "\nW0", "\nW1"], StringComparison.Ordinal);

    public static bool MayBeMarked(ReadOnlySpan<char> line) =>
        line.ContainsAny(Signs) || line.ContainsAny(ShortSigns) || (line.Length > 2 && line[0] is 'E' or 'W' or 'F' && line[1] is ':' or '0' or '1');

    public static bool SaysError(ReadOnlySpan<char> line)
    {
        if (Beginnings().IsMatch(line) || Sentences().IsMatch(line)) return true;
        foreach (var match in ErrorWords().EnumerateMatches(line))
        {
            if (!IsDenied(line, match.Index, match.Length)) return true;
        }
        return false;
    }

    public static bool BeginsAsWarning(ReadOnlySpan<char> line) => WarningBeginnings().IsMatch(line);

    public static bool SaysWarning(ReadOnlySpan<char> line)
    {
        foreach (var match in WarningWords().EnumerateMatches(line))
        {
            if (!IsDenied(line, match.Index, match.Length)) return true;
        }
        return false;
    }

    /// <summary><c>0 errors</c>, <c>no error</c>, <c>errors: 0</c>, <c>"error":null</c>, <c>error rate</c>: the word is there and the thing is not.</summary>
    private static bool IsDenied(ReadOnlySpan<char> line, int index, int length) =>
        DenialBefore().IsMatch(line[Math.Max(0, index - 24)..index]) || DenialBehind().IsMatch(line[(index + length)..]);

    // A word of a sentence: not a part of a name, a path or an option, and not a file.
    private const string Before = @"(?<![\w./\\@$-])";
    private const string Behind = @"(?![\w/\\-]|\.\w)";

    [GeneratedRegex(
        Before + "(?i:errors?|fatal|failed|failures?|exceptions?|panicked|unhandled|uncaught)" + Behind +
        "|" + Before + @"(?:FAIL|PANIC|CRITICAL|SEVERE|ERR)" + Behind +
        "|" + Before + @"(?:panic|critical|crit|err)(?=[:=]|[""']\s*:)" +
        // A type of error says so at the end of its name, before its message.
        @"|(?<=[A-Za-z0-9])(?:Error|Exception)(?=:|$|[""']?\s*$)|(?<=\.)(?:Error|Exception)(?=:)" +
        // Python names a type of a module of errors that way: psycopg2.errors.UndefinedColumn.
        @"|(?<![\w.])(?:\w+\.)*(?:errors|exceptions)\.[A-Z]\w*(?=:)")]
    private static partial Regex ErrorWords();

    [GeneratedRegex(Before + @"(?i:warnings?|deprecated|deprecation)" + Behind + "|" + Before + @"(?:WARN|WRN)" + Behind + "|" + Before + @"(?:warn)(?=[:=])|(?<=[A-Za-z])Warning(?=:|$)")]
    private static partial Regex WarningWords();

    [GeneratedRegex(@"^(?:E: |[EF][01]\d{3} \d\d:\d\d:\d\d|Killed\s*$|Traceback \(most recent call last\)|npm ERR!|FAIL\b|--- FAIL)")]
    private static partial Regex Beginnings();

    [GeneratedRegex(@"^(?:W: |W[01]\d{3} \d\d:\d\d:\d\d)")]
    private static partial Regex WarningBeginnings();

    [GeneratedRegex(@"(?i:segmentation fault|core dumped|out of memory|oomkilled|permission denied|access denied|command not found|: not found$)|(?i:exit(?:ed with)?(?: with)? (?:code|status))[:= ]+(?!0\b)-?\d+")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"(?i:(?<![\w.,])(?:0|no|zero|without|without any|any|not an?|never|if|on|ignore|ignoring|ignored|ignores)\s+(?:(?:fatal|critical|new|other|such|known|compile|build|test|more)\s+)?[""'(]?$)")]
    private static partial Regex DenialBefore();

    [GeneratedRegex(@"^(?:\(s\))?[""']?(?:\s*[:=]\s*[""']?(?:0+(?:\.0+)?%?(?![\w.])|null\b|nil\b|none\b|None\b|false\b|False\b|undefined\b|<nil>|<none>|\[\]|\{\}|[""']{2}|[""'](?=[,}\s]|$)|$(?<=[=]))|(?i:\s+(?:handlers?|reporting|rate|logs?|logging|log_\w+|pages?|budget|tracking|boundar(?:y|ies)|correction|threshold|level|count|codes)(?![\w])))")]
    private static partial Regex DenialBehind();
}
