using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// Claims runs and carries them out, as many at a time as configured. Stopping ends the claiming first and the work second; what was under way
/// goes back to the queue as it is.
/// </summary>
internal sealed class RunWorker(
    IRunStore store, RunTakeover takeover, ActiveRuns active, RunExecutor executor, RunWaker waker, IStorageGuard storage, IOptions<CoreOptions> options, TimeProvider time, ILogger<RunWorker> logger)
    : BackgroundService, IWorkerHealth
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the longest pause of the loop and a database that is slow to say no.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _name = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    private volatile bool _takenOver;
    private long _looked = time.GetTimestamp();

    public bool Ready => _takenOver && ExecuteTask is { IsCompleted: false } && time.GetElapsedTime(Volatile.Read(ref _looked)) < Silence;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host: SQLite's calls block.
        await Task.Yield();
        try
        {
            await LoopAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            await StopWorkAsync();
        }
    }

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            Volatile.Write(ref _looked, time.GetTimestamp());
            try
            {
                if (!_takenOver)
                {
                    await takeover.TakeOverAsync(stoppingToken);
                    _takenOver = true;
                }

                await PassOnCancelsAsync(stoppingToken);
                await ClaimAsync(stoppingToken);
                pause = TimeSpan.Zero;
            }
            catch (Exception problem) when (problem is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                pause = pause == TimeSpan.Zero ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromSeconds(Math.Min(30, pause.TotalSeconds * 2));
                logger.LogError(problem, "The worker could not look for work; next try in {Pause}", pause);
                await Task.Delay(pause, time, stoppingToken);
            }

            await waker.WaitAsync(Poll * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
        }
    }

    private async Task PassOnCancelsAsync(CancellationToken cancellationToken)
    {
        if (active.Count == 0) return;
        foreach (var id in await store.ListCancelRequestedAsync(cancellationToken)) active.Find(id)?.End(EndReason.Cancel);
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var slots = Math.Clamp(options.Value.MaxConcurrentRuns, 1, 64);
        while (active.Count < slots && storage.Problem is null)
        {
            stoppingToken.ThrowIfCancellationRequested();
            // Not to be stopped half-way: a claim that was committed but not carried out would wait for its lease to end.
            if (await store.ClaimAsync(_name, LeaseKeeper.Lease, CancellationToken.None) is not { } run) return;
            var claimed = new ActiveRun(run);
            if (!active.Add(claimed))
            {
                // An attempt of this process that lost the run is still on its way out.
                claimed.Dispose();
                await store.ReleaseAsync(run.Id, run.Attempt, "Its former attempt is still ending.", time.GetUtcNow().AddSeconds(1), stoppingToken);
                return;
            }

            // Asked to cancel while it waited to be carried on: it starts with its token ended, so that it only cleans up.
            if (run.CancelRequested) claimed.End(EndReason.Cancel);
            claimed.Completion = Task.Run(() => CarryOutAsync(claimed), CancellationToken.None);
        }
    }

    private async Task CarryOutAsync(ActiveRun run)
    {
        try
        {
            await executor.ExecuteAsync(run);
        }
        finally
        {
            active.Remove(run);
            run.Dispose();
            waker.Wake();
        }
    }

    private async Task StopWorkAsync()
    {
        foreach (var run in active.All) run.End(EndReason.Stop);
        try
        {
            await Task.WhenAll(active.All.Select(r => r.Completion)).WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // They are fenced: what they still write is refused once the next process has taken their runs over.
            logger.LogWarning("{Count} runs did not let go in time; the next start carries them on", active.Count);
        }
    }
}
