using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>A log line as the contract writes it.</summary>
/// <param name="S"><c>out</c>, <c>err</c> or <c>sys</c>.</param>
public sealed record LogLineMessage(long N, DateTime T, string S, string Task, string Text)
{
    public static LogLineMessage Of(LogLine line) => new(line.Number, line.At.UtcDateTime, line.Source.Word(), line.Task, line.Text);
}
