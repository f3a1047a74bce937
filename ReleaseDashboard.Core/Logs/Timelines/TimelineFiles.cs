namespace ReleaseDashboard.Core.Logs.Timelines;

/// <summary>The files of a timeline: its records, and the logs it is made of, a line each: name of the log, tab, what it is called.</summary>
internal sealed record TimelineFiles(string Records, string Logs)
{
    public const string RecordsEnd = ".timeline";

    public static TimelineFiles Of(LogPaths paths) => new(Path.ChangeExtension(paths.Index, RecordsEnd), Path.ChangeExtension(paths.Index, ".members"));

    public static IReadOnlyList<TimelineMember> Members(IEnumerable<string> lines) => [.. lines.Select(Member)];

    public static string Line(TimelineMember member) => $"{member.LogId}\t{TaskNames.Clean(member.Name)}";

    private static TimelineMember Member(string line) => line.Split('\t', 2) is [var log, var name] ? new TimelineMember(log, name) : new TimelineMember(line, line);
}

/// <summary>A log that a timeline is made of.</summary>
/// <param name="Name">What its lines are called by in the timeline.</param>
public sealed record TimelineMember(string LogId, string Name);
