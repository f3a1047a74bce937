using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>Removes the lines of old logs, every hour and a little after the start; <see cref="RetentionRule"/> says of which.</summary>
internal sealed class LogRetention(ILogKeeping logs, ILogTimelines timelines, ILogOwners owners, IRecordStore records, IOptions<CoreOptions> options, TimeProvider clock, ILogger<LogRetention> logger) : BackgroundService
{
    private const string Instance = "instance-";
    private const string Run = "run-";
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1);

    /// <summary>Returns the ids of the logs whose lines were removed.</summary>
    internal async Task<IReadOnlyList<string>> TendAsync(CancellationToken cancellationToken)
    {
        var kept = logs.ListKept();
        // Each service keeps its newest: a log of an instance that printed nothing yet belongs to none.
        var services = timelines.ListLogs();
        var runs = await owners.ListAsync(cancellationToken);
        var environments = (await records.ListEnvironmentsAsync(cancellationToken)).Select(e => e.Id).ToHashSet();
        var applications = (await records.ListApplicationsAsync(cancellationToken)).Select(a => a.Name).ToHashSet();
        var pruned = new List<string>();
        foreach (var (logId, reason) in RetentionRule.Choose(kept.Select(Owned), options.Value.Logs, clock.GetUtcNow()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (logs.Prune(logId, reason)) pruned.Add(logId);
        }
        if (pruned.Count > 0) logger.LogInformation("The lines of {Count} old logs were removed", pruned.Count);
        return pruned;

        OwnedLog Owned(KeptLog log)
        {
            if (log.LogId.StartsWith(Instance, StringComparison.Ordinal))
            {
                // The engine's id of an instance has no dash, an environment's id may.
                var rest = log.LogId[Instance.Length..];
                var environment = rest[..Math.Max(0, rest.LastIndexOf('-'))];
                var living = environments.Contains(environment);
                return new OwnedLog(log, environment, services.GetValueOrDefault(log.LogId, Instance), living, log.Ended || !living);
            }
            if (!log.LogId.StartsWith(Run, StringComparison.Ordinal) || !long.TryParse(log.LogId.AsSpan(Run.Length), CultureInfo.InvariantCulture, out var id) || !runs.TryGetValue(id, out var run))
                return new OwnedLog(log, log.LogId, Run, false, log.Ended);
            return run.Environment is { } of
                ? new OwnedLog(log, of, run.Stage.Word(), environments.Contains(of), run.Over)
                : new OwnedLog(log, $"builds of {run.Application}", run.Stage.Word(), applications.Contains(run.Application), run.Over);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, clock, stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await TendAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogWarning(problem, "Old logs could not be looked through; the next try is in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
