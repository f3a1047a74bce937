using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Verdicts;

/// <summary>How tools say what went wrong.</summary>
internal static partial class VerdictWords
{
    private const int MostErrors = 5;
    private const int MostPrinted = 3;

    /// <summary>The last line of the process itself that says so.</summary>
    public static FactLine? LastOwn(this FailureFacts facts, Regex words) => facts.Lines.LastOrDefault(l => l.IsOwn && words.IsMatch(l.Text));

    public static FactLine? Last(this FailureFacts facts, Regex words) => facts.Lines.LastOrDefault(l => words.IsMatch(l.Text));

    /// <summary>Where no line says the cause itself: the last that tells of an error, else the last that the process printed, else our own.</summary>
    public static FactLine? Symptom(this FailureFacts facts) =>
        facts.Lines.LastOrDefault(l => l is { IsOwn: true, IsError: true }) ?? facts.Lines.LastOrDefault(l => l.IsOwn && l.Text.Trim().Length > 0) ?? (facts.Lines.Count > 0 ? facts.Lines[^1] : null);

    /// <summary>Where the dashboard saw it from outside: the last line that tells of an error, else what the dashboard saw.</summary>
    public static FactLine? Seen(this FailureFacts facts) => facts.Lines.LastOrDefault(l => l is { IsOwn: true, IsError: true }) ?? facts.Lines.LastOrDefault(l => !l.IsOwn) ?? facts.Symptom();

    /// <summary>The last errors the process printed; one that comes again and again is told once.</summary>
    public static IReadOnlyList<FactLine> LastErrors(this FailureFacts facts) =>
        [.. facts.Lines.Where(l => l is { IsOwn: true, IsError: true }).Reverse().DistinctBy(l => Digits().Replace(l.Text, "0")).Take(MostErrors).Reverse()];

    /// <summary>The last lines the process printed, where none of them tells of an error.</summary>
    public static IReadOnlyList<FactLine> LastPrinted(this FailureFacts facts) => [.. facts.Lines.Where(l => l.IsOwn && l.Text.Trim().Length > 0).TakeLast(MostPrinted)];

    [GeneratedRegex(@"\bout of memory\b|OutOfMemoryError|\bMemoryError\b|cannot allocate memory|\boom[- ]?kill", RegexOptions.IgnoreCase)]
    public static partial Regex OutOfMemory();

    [GeneratedRegex(@"cannot be pulled", RegexOptions.IgnoreCase)]
    public static partial Regex CannotBePulled();

    [GeneratedRegex(@"unauthorized|authentication required|no basic auth credentials|\b401\b|403 forbidden|insufficient_scope", RegexOptions.IgnoreCase)]
    public static partial Regex NotAuthorised();

    [GeneratedRegex(@"image (\S+) cannot be pulled", RegexOptions.IgnoreCase)]
    public static partial Regex Image();

    [GeneratedRegex(@"no space left on device|\bENOSPC\b|disk quota exceeded|not enough free (?:disk )?space|disk is full", RegexOptions.IgnoreCase)]
    public static partial Regex DiskFull();

    [GeneratedRegex(@"could not resolve host|temporary failure (?:in name resolution|resolving)|\bEAI_AGAIN\b|getaddrinfo\b.*(?:ENOTFOUND|EAI_AGAIN)|no such host|name or service not known|bad address '|server misbehaving|nodename nor servname|failed to resolve", RegexOptions.IgnoreCase)]
    public static partial Regex NameNotFound();

    [GeneratedRegex(@"connection refused|\bECONNREFUSED\b|could not connect to server|connection to server .* failed|the database system is starting up|could not translate host name|no route to host|\bEHOSTUNREACH\b|can't connect to (?:\w+ )*(?:server|host)|could not resolve host|temporary failure in name resolution|\bEAI_AGAIN\b|\bENOTFOUND\b|no such host|name or service not known|bad address '", RegexOptions.IgnoreCase)]
    public static partial Regex Unreachable();

    [GeneratedRegex(@"executable file not found|command not found|: not found\b|\bnot found$|exec format error|has no program|no such file or directory|cannot be run|can't execute|exec .* failed", RegexOptions.IgnoreCase)]
    public static partial Regex NotRunnable();

    [GeneratedRegex(@"permission denied|\bEACCES\b|operation not permitted|\bEPERM\b|read-only file system|\bEROFS\b", RegexOptions.IgnoreCase)]
    public static partial Regex NotPermitted();

    [GeneratedRegex(@"migrat|alembic|flyway|liquibase", RegexOptions.IgnoreCase)]
    public static partial Regex Migration();

    [GeneratedRegex(@"nobody listening|does not accept connections|connection refused", RegexOptions.IgnoreCase)]
    public static partial Regex NobodyListens();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
