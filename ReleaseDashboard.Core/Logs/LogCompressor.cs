using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Compresses logs that have ended, one at a time, with pauses as long as the work: builds and pages come first. At the start also those that ended before.</summary>
internal sealed class LogCompressor(FileLogStore store, TimeProvider clock, ILogger<LogCompressor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host.
        await Task.Yield();
        try
        {
            store.Tidy();
            foreach (var log in store.ListKept().Where(l => l is { Ended: true, Compressed: false, Writing: false })) await CompressAsync(log.LogId, stoppingToken);
            await foreach (var logId in store.Ended.ReadAllAsync(stoppingToken)) await CompressAsync(logId, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The dashboard stops; the next start goes on.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(problem, "Ended logs are not compressed until the next start");
        }
    }

    private async Task CompressAsync(string logId, CancellationToken cancellationToken)
    {
        try
        {
            var worked = Stopwatch.StartNew();
            await store.CompressAsync(logId, async token =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, worked.ElapsedMilliseconds)), clock, token);
                worked.Restart();
            }, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            logger.LogWarning(problem, "The log {Log} could not be compressed; it stays as it is until the next start", logId);
        }
    }
}
