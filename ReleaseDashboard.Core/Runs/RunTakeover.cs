using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>What a start finds: runs whose process is gone. The data directory's lock proves that it is, so nobody waits for leases to end.</summary>
internal sealed class RunTakeover(IRunRecovery recovery, ILogStore logs, ILogger<RunTakeover> logger)
{
    /// <summary>A run whose worker was lost this often is not started again: it may be what kills the process.</summary>
    public const int MaxAttempts = 8;

    private const int LogsToCheck = 64;

    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        var taken = await recovery.TakeOverAsync(MaxAttempts, cancellationToken);
        if (taken.Count > 0) logger.LogInformation("Carrying on {Count} runs of the process before: {Runs}", taken.Count, string.Join(", ", taken));
        foreach (var run in await recovery.ListLastEndedAsync(LogsToCheck, cancellationToken)) await EndLogAsync($"run-{run}");
    }

    /// <summary>The process ended between a run's result and the end of its log: viewers would wait for lines for ever.</summary>
    private async Task EndLogAsync(string log)
    {
        try
        {
            if (logs.State(log) is not { Ended: false, TotalLines: > 0 }) return;
            await using var writer = logs.OpenWriter(log, []);
            writer.Complete();
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            logger.LogWarning(problem, "The log {Log} could not be ended", log);
        }
    }
}
