using Microsoft.AspNetCore.Mvc;
using ReleaseDashboard.Core.Logs.Questions;

namespace ReleaseDashboard.Endpoints;

// What the parameters mean stands in LogParameters, from where the description of the API has it.

/// <summary>Which lines.</summary>
internal readonly record struct LogPageQuery([FromQuery] long From = 1, [FromQuery] int Limit = 1000)
{
    public string? Problem => LogText.FromProblem(From) ?? (Limit is < 1 or > 10_000 ? "limit must be 1 to 10000." : null);
}

/// <summary>What to look for.</summary>
internal readonly record struct LogSearchQuery(
    [FromQuery] string Q,
    [FromQuery] bool Regex = false,
    [FromQuery] string Case = "auto",
    [FromQuery] long From = 1,
    [FromQuery] int Limit = 100)
{
    public string? Problem =>
        LogText.QueryProblem(Q, Case) ?? LogText.FromProblem(From) ?? (Limit is < 1 or > 1000 ? "limit must be 1 to 1000." : null);

    public LogQuery Query => LogText.Query(Q, Regex, Case);
}

/// <summary>Which lines to show.</summary>
internal readonly record struct LogFilterQuery(
    [FromQuery] string? Q = null,
    [FromQuery] bool Regex = false,
    [FromQuery] string Case = "auto",
    [FromQuery] string? Marks = null,
    [FromQuery] int Context = 2,
    [FromQuery] long From = 1)
{
    private IEnumerable<string> MarkWords => (Marks ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public string? Problem =>
        string.IsNullOrEmpty(Q) && !MarkWords.Any() ? "Say what to filter by: q, marks or both."
        : MarkWords.FirstOrDefault(m => m is not ("error" or "warning")) is { } unknown ? $"marks has \"{unknown}\"; it takes error and warning."
        : Context is < 0 or > 100 ? "context must be 0 to 100."
        : LogText.FromProblem(From) ?? LogText.QueryProblem(string.IsNullOrEmpty(Q) ? "-" : Q, Case);

    public LineFilter Filter => new(
        string.IsNullOrEmpty(Q) ? null : LogText.Query(Q, Regex, Case),
        [.. MarkWords.Select(m => m == "error" ? LineMark.Error : LineMark.Warning).Distinct()],
        Context);
}

/// <summary>How fine the outline is.</summary>
internal readonly record struct LogOutlineQuery([FromQuery] int Buckets = 200)
{
    public string? Problem => Buckets is < 1 or > 2000 ? "buckets must be 1 to 2000." : null;
}

/// <summary>What to compare with.</summary>
internal readonly record struct LogDiffQuery([FromQuery] string Against = "green")
{
    public string? Problem => Against != "green" && RunId is null ? $"against is \"{Against}\"; it takes green or the id of a run." : null;

    public long? RunId => Answers.TryId(Against, out var id) ? id : null;
}

internal static class LogText
{
    public static string? FromProblem(long from) => from < 1 ? "from is the number of a line: 1 or more." : null;

    public static string? QueryProblem(string text, string @case) =>
        text.Length is 0 or > 1000 ? "q must have 1 to 1000 characters."
        : CaseOf(@case) is null ? $"case is \"{@case}\"; it takes auto, match or ignore."
        : null;

    public static LogQuery Query(string text, bool regex, string @case) => new(text, regex, CaseOf(@case) ?? LogCase.Auto);

    private static LogCase? CaseOf(string word) => word switch
    {
        "auto" => LogCase.Auto,
        "match" => LogCase.Match,
        "ignore" => LogCase.Ignore,
        _ => null,
    };
}
