namespace ReleaseDashboard.Core.Verdicts;

/// <summary>One row of <c>docs/verdicts.md</c>.</summary>
/// <param name="Id">Stable; part of the API.</param>
/// <param name="When">What it looks for, as the page says it.</param>
/// <param name="Suggestion">What to do next.</param>
/// <param name="Look">Null when the facts are not of this kind.</param>
public sealed record VerdictRule(string Id, string When, string Suggestion, Func<FailureFacts, Finding?> Look);

/// <param name="Summary">One sentence.</param>
/// <param name="Evidence">In order; empty when no line proves it.</param>
public sealed record Finding(string Summary, IReadOnlyList<FactLine> Evidence)
{
    public Finding(string summary, FactLine? evidence) : this(summary, evidence is null ? [] : [evidence])
    {
    }
}
