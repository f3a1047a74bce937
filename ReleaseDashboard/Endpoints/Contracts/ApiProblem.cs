using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints.Contracts;

/// <summary>RFC 9457 problem details. <paramref name="Code"/> is stable; programs decide by it.</summary>
/// <param name="Errors">For <c>template_invalid</c>: every problem of the template, at its place.</param>
internal sealed record ApiProblem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TemplateErrorJson>? Errors = null);

internal sealed record TemplateErrorJson(
    int Line,
    int Column,
    string Path,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Suggestion)
{
    public static TemplateErrorJson From(TemplateDiagnostic d) => new(d.Line, d.Column, d.Path, d.Message, d.Suggestion);
}

/// <param name="Line">Line of the run's log on which the evidence stands.</param>
/// <param name="Rule">Which rule of docs/verdicts.md found it; null when none was asked.</param>
internal sealed record FailureJson(string Summary, string? Evidence, string? Suggestion, long? Line, string? Rule)
{
    public static FailureJson? From(Failure? f) => f is null ? null : new(f.Summary, f.Evidence, f.Suggestion, f.Line, f.Rule);
}

/// <param name="NextCursor">Ask again with it for the next page; null at the end.</param>
internal sealed record PageJson<T>(IReadOnlyList<T> Items, string? NextCursor);
