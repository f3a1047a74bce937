using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>The last lines a task's own process printed, as they stand in the log: masked and cut like there.</summary>
internal static class Evidence
{
    public const int Lines = 10;
    private const int Window = 500;

    /// <returns>Null when it printed nothing.</returns>
    public static async Task<string?> ReadAsync(EnvironmentWork work, string task, long? last, int lines, CancellationToken cancellationToken)
    {
        if (last is not { } end) return null;
        var from = Math.Max(1, end - Window + 1);
        var batch = await work.Tools.Logs.ReadAsync(work.Context.Run.LogId, from, (int)(end - from + 1), cancellationToken);
        var own = batch.Lines.Where(l => l.Task == task && l.Source != LogSource.Sys).TakeLast(lines).Select(l => l.Text).ToList();
        return own.Count == 0 ? null : string.Join('\n', own);
    }
}
