using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Verdicts;

/// <summary>Everything a verdict is made from.</summary>
/// <param name="Task"><c>services.web</c>, <c>jobs.migrate</c>, <c>images.web</c>.</param>
/// <param name="Summary">What is known without looking further, in a sentence.</param>
/// <param name="Lines">The task's last lines in the run's log, in order.</param>
public sealed record FailureFacts(Stage Stage, string Task, string Summary, FailureClues Clues, IReadOnlyList<FactLine> Lines)
{
    internal bool IsBuild => Task.StartsWith("images.", StringComparison.Ordinal);

    internal bool IsService => Task.StartsWith("services.", StringComparison.Ordinal);

    /// <summary><c>web</c> of <c>services.web</c>; <c>migrate</c> of <c>jobs.migrate#2</c>.</summary>
    internal string Subject => Task[(Task.IndexOf('.') + 1)..].Split('#')[0];
}

/// <param name="IsError">It tells of an error.</param>
/// <param name="IsOwn">The task's own process printed it, not the dashboard.</param>
public sealed record FactLine(long Number, string Text, bool IsError, bool IsOwn);

/// <param name="Rule">Id of the rule that found it.</param>
/// <param name="Summary">One sentence: what went wrong.</param>
/// <param name="Evidence">Lines that prove it; null when no line does.</param>
/// <param name="Line">Number of the first of them in the run's log.</param>
public sealed record Verdict(string Rule, string Summary, string? Evidence, long? Line, string Suggestion);
