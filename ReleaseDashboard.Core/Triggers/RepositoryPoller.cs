using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>
/// Looks at repositories elsewhere that environments follow, and at every hosted one at the start and while a push to it is not settled: one that was
/// accepted just before the process died, or refused because the disk was full, is found here. A repository that cannot be read is asked less and less
/// often, and its problem can be read.
/// </summary>
internal sealed class RepositoryPoller(
    IRecordStore records,
    IPushTrigger trigger,
    IChangeFeed feed,
    IOptions<CoreOptions> options,
    TimeProvider time,
    ILogger<RepositoryPoller> logger) : BackgroundService, IRepositoryHealth
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>How long a push to a hosted repository that could not be acted on waits at most, however seldom others are asked.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Trouble> _troubles = new();
    private long _looks;

    public RepositoryProblem? Find(string application) => _troubles.TryGetValue(application, out var trouble) ? new RepositoryProblem(trouble.Message, trouble.Since) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval / LooksPerInterval, time);
        try
        {
            do
            {
                await LookAtAllAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The dashboard stops.
        }
    }

    /// <summary>Repositories elsewhere are asked at the first of these.</summary>
    private long LooksPerInterval => Math.Max(1, (Interval.Ticks + LongestRetry.Ticks - 1) / LongestRetry.Ticks);

    private TimeSpan Interval => TimeSpan.FromSeconds(options.Value.GitPollSeconds);

    private async Task LookAtAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            var elsewhere = _looks++ % LooksPerInterval == 0;
            var followed = (await records.ListEnvironmentsAsync(cancellationToken).ConfigureAwait(false)).Where(e => !e.FollowsTag).Select(e => e.Application).ToHashSet(StringComparer.Ordinal);
            var due = (await records.ListApplicationsAsync(cancellationToken).ConfigureAwait(false))
                .Where(a => a.Hosted ? trigger.IsDue(a.Name) : elsewhere && followed.Contains(a.Name))
                .Where(a => !_troubles.TryGetValue(a.Name, out var trouble) || trouble.NextLook <= now);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (a, token) => await LookAsync(a, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(e, "The repositories could not be looked at; the next try is in {Seconds} seconds.", options.Value.GitPollSeconds);
        }
    }

    private async Task LookAsync(Application application, CancellationToken cancellationToken)
    {
        try
        {
            await trigger.LookAsync(application, cancellationToken).ConfigureAwait(false);
            if (_troubles.TryRemove(application.Name, out _)) feed.Publish(ChangeKeys.Application(application.Name));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Note(application, e is GitException ? e.Message : "The repository could not be looked at because of an error of the dashboard; its log has the details.", e);
        }
    }

    private void Note(Application application, string message, Exception problem)
    {
        var before = _troubles.GetValueOrDefault(application.Name);
        var count = (before?.Count ?? 0) + 1;
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, Interval.Ticks << Math.Min(count, 10)));
        var now = time.GetUtcNow();
        _troubles[application.Name] = new Trouble(message, before?.Since ?? now, count, now + pause);
        if (before?.Message == message) return;
        if (problem is GitException) logger.LogWarning("{Application}: {Message}", application.Name, message);
        else logger.LogError(problem, "{Application}: {Message}", application.Name, message);
        feed.Publish(ChangeKeys.Application(application.Name));
    }

    private sealed record Trouble(string Message, DateTimeOffset Since, int Count, DateTimeOffset NextLook);
}
