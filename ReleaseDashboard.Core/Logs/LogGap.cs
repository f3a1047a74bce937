using System.Globalization;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>
/// Lines that a log does not have, said in the place where they are missing by a line of the dashboard's own. The line is for people and for programs:
/// <see cref="Of"/> reads it again, and nobody else can write one.
/// </summary>
/// <param name="Lines">Null when it is not known how many.</param>
/// <param name="Bytes">Null when it is not known.</param>
/// <param name="From">When the first of them was printed, as far as known.</param>
/// <param name="To">When the last was.</param>
/// <param name="Reason">Why, as the end of a sentence without a full stop: "the engine's own log was rotated before it was read".</param>
public sealed partial record LogGap(long? Lines, long? Bytes, DateTimeOffset? From, DateTimeOffset? To, string Reason)
{
    private const string Begin = "Gap: ";
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Null for a line that says no gap.</summary>
    public static LogGap? Of(LogSource source, string text)
    {
        if (source != LogSource.Sys || !text.StartsWith(Begin, StringComparison.Ordinal) || Form().Match(text) is not { Success: true } found) return null;
        return new LogGap(Number(found.Groups["lines"]), Number(found.Groups["bytes"]), Time(found.Groups["from"]), Time(found.Groups["to"]), found.Groups["why"].Value);
    }

    /// <summary>The text of the line: "Gap: 1,234 lines (56,789 bytes) between … and … are missing here because …."</summary>
    public override string ToString()
    {
        var lines = Lines is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n:N0} {(n == 1 ? "line" : "lines")}") : "lines";
        var bytes = Bytes is { } b ? string.Create(CultureInfo.InvariantCulture, $" ({b:N0} bytes)") : "";
        var times = (From, To) switch
        {
            ({ } from, { } to) => $" between {Text(from)} and {Text(to)}",
            ({ } from, null) => $" since {Text(from)}",
            (null, { } to) => $" until {Text(to)}",
            _ => "",
        };
        return $"{Begin}{lines}{bytes}{times} {(Lines == 1 ? "is" : "are")} missing here because {Reason.ReplaceLineEndings(" ").TrimEnd('.')}.";
    }

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString(Moment, CultureInfo.InvariantCulture);

    private static long? Number(Group group) => group.Success ? long.Parse(group.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;

    private static DateTimeOffset? Time(Group group) =>
        group.Success ? DateTimeOffset.ParseExact(group.Value, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    [GeneratedRegex(@"^Gap: (?:(?<lines>[\d,]{1,25}) )?lines?(?: \((?<bytes>[\d,]{1,25}) bytes\))?(?: (?:between|since) (?<from>\S{24}))?(?: (?:and|until) (?<to>\S{24}))? (?:is|are) missing here because (?<why>.*)\.$")]
    private static partial Regex Form();
}
