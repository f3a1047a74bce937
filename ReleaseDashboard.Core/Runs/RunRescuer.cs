using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Gives runs back to the queue whose lease has ended.</summary>
internal sealed class RunRescuer(IRunRecovery recovery, ActiveRuns active, RunWaker waker, TimeProvider time, ILogger<RunRescuer> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // A machine that slept for an hour wakes with every lease ended, though its work is alive.
                var rescued = await recovery.RescueAsync(RunTakeover.MaxAttempts, active.Ids, stoppingToken);
                if (rescued.Count == 0) continue;
                logger.LogWarning("The worker of {Count} runs was lost; they are carried on: {Runs}", rescued.Count, string.Join(", ", rescued));
                waker.Wake();
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogError(problem, "Lost runs could not be looked for");
            }
        }
    }
}
