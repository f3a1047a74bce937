using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// Keeps the picture of what runs: engine events say where to look, a resync finds what no event told. Nothing is polled while the engine answers, so an
/// idle dashboard costs nothing.
/// </summary>
internal sealed class EnvironmentObserver(
    IEngine engine, EnvironmentLooks looks, EngineAvailability availability, UsageMeter usage, IChangeFeed feed, TimeProvider clock, ILogger<EnvironmentObserver> log)
    : BackgroundService, IEnvironmentObserver
{
    internal static readonly TimeSpan Resync = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan AwayInterval = TimeSpan.FromSeconds(3);

    /// <summary>Events come in bursts: a key rests this long after a look.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>No event tells when a process that runs begins to answer its probe: those that do not are asked again.</summary>
    internal static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private const int Lookers = 4;
    private const string PhaseCheck = "phase of ";

    private readonly KeyQueue _queue = new();

    public EngineStatus Engine => availability.Status;

    public IReadOnlyList<ObservedState> Orphans => looks.Orphans;

    public ObservedState? Last(string environment) => looks.Last(environment);

    public IReadOnlyList<InstanceUsage> Usage(string environment) => usage.Read(environment);

    public void Touch(string environment) => _queue.Add(environment);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(["*"], RunMayHaveEnded);
        List<Task> loops =
        [
            LoopAsync("watching the engine", WatchAsync, stoppingToken),
            LoopAsync("resyncing", ResyncAsync, stoppingToken),
            LoopAsync("looking again", LookAgainAsync, stoppingToken),
            LoopAsync("measuring", usage.RunAsync, stoppingToken),
            .. Enumerable.Range(0, Lookers).Select(_ => LoopAsync("looking", LookAsync, stoppingToken)),
        ];
        await Task.WhenAll(loops);
    }

    /// <summary>Runs the same work again and again; a failure is logged and never ends it.</summary>
    private async Task LoopAsync(string name, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (e is not EngineUnavailableException) log.LogError(e, "Observation failed while {Activity}; it goes on.", name);
                await Task.Delay(AwayInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        availability.Status = await engine.CheckAsync(cancellationToken);
        if (!availability.Status.Available)
        {
            await looks.ForgetHealthAsync(cancellationToken);
            do
            {
                await Task.Delay(AwayInterval, clock, cancellationToken);
                availability.Status = await engine.CheckAsync(cancellationToken);
            }
            while (!availability.Status.Available);
        }

        try
        {
            await foreach (var environment in engine.WatchAsync(cancellationToken))
            {
                if (environment.Length > 0) _queue.Add(environment);
                else await LookAtAllAsync(cancellationToken);
            }
        }
        catch (EngineUnavailableException e)
        {
            // Back to the top: the check there says what is wrong in the engine's own words. The rest keeps a connection that breaks again and again from spinning.
            log.LogWarning("The engine went away: {Message}", e.Message);
            await Task.Delay(Rest, clock, cancellationToken);
        }
    }

    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Resync * (0.9 + (Random.Shared.NextDouble() * 0.2)), clock, cancellationToken);
        if (availability.Status.Available) await LookAtAllAsync(cancellationToken);
    }

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Again, clock, cancellationToken);
        if (!availability.Status.Available) return;
        foreach (var environment in looks.Unsettled) _queue.Add(environment);
    }

    private async Task LookAtAllAsync(CancellationToken cancellationToken)
    {
        foreach (var environment in await looks.LookAtAllAsync(cancellationToken)) _queue.Add(environment);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var key = await _queue.TakeAsync(cancellationToken);
        try
        {
            if (!key.StartsWith(PhaseCheck, StringComparison.Ordinal))
            {
                if (!await looks.LookAsync(key, cancellationToken)) _queue.Add(key);
            }
            else if (await looks.PhaseChangedAsync(key[PhaseCheck.Length..], cancellationToken))
            {
                _queue.Add(key[PhaseCheck.Length..]);
            }

            await Task.Delay(Rest, clock, cancellationToken);
        }
        finally
        {
            _queue.Done(key);
        }
    }

    /// <summary>Called for every change of every record; only a run's begin and end are of interest, and a look is worth more than a record's read.</summary>
    private void RunMayHaveEnded(string key)
    {
        const string Environment = "environment:";
        if (key.StartsWith(Environment, StringComparison.Ordinal)) _queue.Add(PhaseCheck + key[Environment.Length..]);
    }
}
