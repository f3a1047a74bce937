using System.Globalization;
using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>
/// How a job ended: said in the run's log, and read there again by an attempt that finds the job ended already. What the engine knew of it may be gone by then.
/// </summary>
internal static partial class JobEnd
{
    /// <summary>Lines before the task's last one among which the sentence is looked for; neighbours write in between.</summary>
    private const int Window = 100;

    public static string Say(PlannedTask task, DesiredJob job, JobResult result) => result.TimedOut
        ? $"{task.Id} was stopped after {job.TimeoutSeconds} s, its completed_timeout"
        : $"{task.Id} ended with exit code {result.ExitCode} after {Seconds(result.Duration)}{(result.OutOfMemory ? ", out of memory" : "")}";

    public static string Seconds(TimeSpan duration) => $"{Math.Max(0, duration.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture)} s";

    public static FailureClues Clues(DesiredJob job, JobResult result) => new()
    {
        ExitCode = result.ExitCode,
        OutOfMemory = result.OutOfMemory,
        MemoryLimitBytes = job.Resources.MemoryLimit,
        TimedOut = result.TimedOut,
        TimeoutSeconds = job.TimeoutSeconds,
    };

    /// <summary>The line that says how a job ended, and what it says; no line where it was not written.</summary>
    /// <param name="job">Null when the template does not have it any more.</param>
    public static async Task<(LogLine? Line, FailureClues Clues)> FindAsync(EnvironmentWork work, PlannedTask task, DesiredJob? job, long? last, CancellationToken cancellationToken)
    {
        var clues = new FailureClues { MemoryLimitBytes = job?.Resources.MemoryLimit, TimeoutSeconds = job?.TimeoutSeconds };
        if (last is not { } end) return (null, clues);
        var from = Math.Max(1, end - Window + 1);
        var batch = await work.Tools.Logs.ReadAsync(work.Context.Run.LogId, from, (int)(end - from + 1), cancellationToken);
        foreach (var line in batch.Lines.Reverse().Where(l => l.Task == task.Id && l.Source == LogSource.Sys))
        {
            if (Sentence().Match(line.Text) is not { Success: true } said) continue;
            return (line, clues with
            {
                ExitCode = said.Groups["code"] is { Success: true } code ? int.Parse(code.Value, CultureInfo.InvariantCulture) : null,
                OutOfMemory = said.Groups["memory"].Success,
                TimedOut = said.Groups["limit"].Success,
                TimeoutSeconds = said.Groups["limit"] is { Success: true } limit ? int.Parse(limit.Value, CultureInfo.InvariantCulture) : clues.TimeoutSeconds,
            });
        }
        return (null, clues);
    }

    [GeneratedRegex(@" ended with exit code (?<code>-?\d{1,9}) after [\d.]+ s(?<memory>, out of memory)?$| was stopped after (?<limit>\d{1,9}) s, its completed_timeout$")]
    private static partial Regex Sentence();
}
