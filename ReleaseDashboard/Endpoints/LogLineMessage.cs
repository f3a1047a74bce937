using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>A log line as the contract writes it.</summary>
/// <param name="S"><c>out</c>, <c>err</c> or <c>sys</c>.</param>
/// <param name="M"><c>error</c> or <c>warning</c> for a line that tells of one; left out for all others.</param>
public sealed record LogLineMessage(long N, DateTime T, string S, string Task, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? M, string Text)
{
    public static LogLineMessage Of(LogLine line) => new(line.Number, line.At.UtcDateTime, line.Source.Word(), line.Task, Mark(line.Text), line.Text);

    private static string? Mark(string text) => LineMarks.Of(text) switch
    {
        LineMark.Error => "error",
        LineMark.Warning => "warning",
        _ => null,
    };
}
