namespace ReleaseDashboard.Hosting;

/// <summary>
/// Gives memory back to the machine once it is quiet after work: the collector by itself keeps what a busy minute needed, and beside a dashboard run the
/// containers it is there for. Costs one collection of some tens of milliseconds at a moment when nothing happens.
/// </summary>
internal sealed class IdleMemory(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private const long Work = 32 << 20;
    private const long Quiet = 4 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        long trimmedAt = 0, before = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - before < Quiet && allocated - trimmedAt > Work)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                trimmedAt = allocated;
            }

            before = allocated;
        }
    }
}
