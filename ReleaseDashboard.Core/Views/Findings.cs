using System.Globalization;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Views;

/// <summary>What the log of a run tells besides its lines, in words.</summary>
internal static class Findings
{
    public static IReadOnlyList<RunFinding> Of(Run run, ILogStore logs) => [.. logs.Findings(run.LogId).Select(Of)];

    private static RunFinding Of(SecretFinding secret)
    {
        var by = secret.Task.Length == 0 ? "in this run" : $"by {secret.Task}";
        var line = secret.FirstLine.ToString("N0", CultureInfo.InvariantCulture);
        var times = secret.Count == 1 ? $"once, in line {line}" : $"{secret.Count.ToString("N0", CultureInfo.InvariantCulture)} times, first in line {line}";
        var what = secret.Task switch
        {
            "" => "what prints it",
            _ when secret.Task.StartsWith("jobs.", StringComparison.Ordinal) => "the job",
            _ when secret.Task.StartsWith("images.", StringComparison.Ordinal) => "the Dockerfile",
            _ => "the task",
        };
        return new RunFinding("secret", secret.Task, secret.Count, secret.FirstLine, $"A secret was printed {by} ({times}). It was masked in the log; change {what} so that it does not print it.");
    }
}
