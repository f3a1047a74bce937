using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>Deletes environments whose time is over.</summary>
internal sealed class ExpiryClock(IRecordStore records, IRunService commands, TimeProvider time, ILogger<ExpiryClock> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>A teardown that failed is tried again by itself, but not every few seconds: each try is a run with a log.</summary>
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, DateTimeOffset> _tried = [];

    /// <summary>One look. Returns the environments whose removal was asked for.</summary>
    internal async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var asked = new List<string>();
        foreach (var environment in await records.ListEnvironmentsAsync(cancellationToken))
        {
            if (environment.ExpiresAt is not { } expiry || expiry > now || environment.Phase == EnvironmentPhase.TearingDown) continue;
            if (_tried.TryGetValue(environment.Id, out var last) && now - last < BeforeNextTry) continue;
            _tried[environment.Id] = now;
            var outcome = await commands.DeleteEnvironmentAsync(environment.Id, new CommandContext(Actor.Expiry, "expiry"), cancellationToken);
            if (outcome.Accepted) asked.Add(environment.Id);
            else logger.LogWarning("Environment {Environment} has expired but was not removed: {Reason}", environment.Id, outcome.Refusal.Message);
        }

        return asked;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogError(problem, "Expired environments could not be looked for");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
