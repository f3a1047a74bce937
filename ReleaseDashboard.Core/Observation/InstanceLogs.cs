using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// The own output of instances. What is looked at is copied from the engine into the log store, as it grows, until nobody has looked for a while; so pages, search,
/// download and following are the same for it as for a run's log, and what was copied stays when the instance is gone.
/// </summary>
public interface IInstanceLogs
{
    /// <summary>
    /// Sees to it that the output of an instance is being copied, and gives the name of its log; null when the environment never had such an instance.
    /// <paramref name="instance"/> is the engine's id or the readable name. Throws <see cref="EngineUnavailableException"/> when the engine would have to be asked and is away.
    /// </summary>
    Task<string?> OpenAsync(string environment, string instance, CancellationToken cancellationToken);

    /// <summary>Deletes what was copied of an environment that is gone.</summary>
    /// <param name="others">Ids of all other environments: one may begin with the id of this one.</param>
    Task DeleteAsync(string environment, IEnumerable<string> others, CancellationToken cancellationToken);
}

internal sealed class InstanceLogs(IServiceProvider services, ILogStore store, TimeProvider clock, ILogger<InstanceLogs> log) : BackgroundService, IInstanceLogs
{
    private static readonly TimeSpan Unwatched = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Copy> _copies = new();

    /// <summary>Output that was read to its end, with the start it belongs to: nothing more comes from an instance that is not started again.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset?> _ended = new();

    private readonly CancellationTokenSource _stopped = new();

    // Taken when it is first needed: a dashboard whose engine is not registered can still show what was copied.
    private IEngine Engine => services.GetRequiredService<IEngine>();

    public static string LogId(string environment, string instanceId) => $"instance-{environment}-{instanceId}";

    public async Task<string?> OpenAsync(string environment, string instance, CancellationToken cancellationToken)
    {
        if (!IsName(environment) || !IsName(instance)) return null;
        var logId = LogId(environment, instance);
        if (_copies.TryGetValue(logId, out var copy))
        {
            copy.LastLooked = clock.GetUtcNow();
            return logId;
        }
        if (store.State(logId).Ended) return logId;
        ObservedState observed;
        try
        {
            observed = await Engine.ObserveAsync(environment, cancellationToken);
        }
        catch (EngineUnavailableException) when (store.State(logId).TotalLines > 0)
        {
            return logId;
        }
        var found = observed.Instances.FirstOrDefault(i => i.Id == instance || i.Name == instance);
        if (found is null) return store.State(logId).TotalLines > 0 ? logId : null;
        logId = LogId(environment, found.Id);
        if (_ended.TryGetValue(logId, out var started) && started == found.StartedAt && found.Status == InstanceStatus.Exited) return logId;
        var added = _copies.GetOrAdd(logId, _ => new Copy { LastLooked = clock.GetUtcNow() });
        added.LastLooked = clock.GetUtcNow();
        if (added.TryStart()) added.Work = Task.Run(() => CopyAsync(environment, logId, found, added, _stopped.Token), CancellationToken.None);
        return logId;
    }

    public async Task DeleteAsync(string environment, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        var longer = others.Where(o => o.StartsWith($"{environment}-", StringComparison.Ordinal)).Select(o => LogId(o, "")).ToList();
        bool IsOwn(string logId) => logId.StartsWith(LogId(environment, ""), StringComparison.Ordinal) && !longer.Exists(o => logId.StartsWith(o, StringComparison.Ordinal));

        var copies = _copies.Where(c => IsOwn(c.Key)).Select(c => c.Value).ToList();
        foreach (var copy in copies) copy.Stop();
        await Task.WhenAll(copies.Select(c => c.Work)).WaitAsync(cancellationToken);
        foreach (var logId in store.List(LogId(environment, "")).Where(IsOwn))
        {
            store.Delete(logId);
            _ended.TryRemove(logId, out _);
        }
    }

    public override void Dispose()
    {
        _stopped.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var copy in _copies.Values.Where(c => clock.GetUtcNow() - c.LastLooked > Unwatched)) copy.Stop();
            }
        }
        catch (OperationCanceledException)
        {
            // The dashboard stops.
        }
        await _stopped.CancelAsync();
        await Task.WhenAll(_copies.Values.Select(c => c.Work));
    }

    private async Task CopyAsync(string environment, string logId, ObservedInstance instance, Copy copy, CancellationToken stopping)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, copy.Stopped);
            // What the environment prints is kept as long as its logs are: without the secrets it was given.
            await using var writer = store.OpenWriter(logId, await services.GetRequiredService<IEnvironmentSecrets>().OfAsync(environment, stop.Token));
            var resume = await Resume.AtAsync(store, logId, stop.Token);
            await foreach (var line in Engine.ReadOutputAsync(instance.Id, null, follow: true, stop.Token))
            {
                if (!resume.IsKnown(line)) await writer.WriteAsync(line.Source, "", line.Text.Replace('\n', ' '), stop.Token, line.At);
            }
            _ended[logId] = instance.StartedAt;
        }
        catch (OperationCanceledException)
        {
            // Nobody looks any more, or the dashboard stops. The next look goes on behind the last line.
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The output of instance {Instance} is no longer copied; the next look tries again.", instance.Name);
        }
        finally
        {
            _copies.TryRemove(logId, out _);
            copy.Dispose();
        }
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 90 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Output comes again from its first line; what the log has is left out, even where the engine has dropped the oldest lines meanwhile.</summary>
    private sealed class Resume
    {
        private DateTimeOffset? _last;
        private int _sameInstant;

        public static async Task<Resume> AtAsync(ILogStore store, string logId, CancellationToken cancellationToken)
        {
            var resume = new Resume();
            var total = store.State(logId).TotalLines;
            if (total == 0) return resume;
            var tail = await store.ReadAsync(logId, Math.Max(1, total - 999), 1000, cancellationToken);
            resume._last = tail.Lines[^1].At;
            resume._sameInstant = tail.Lines.Count(l => l.At == resume._last);
            return resume;
        }

        public bool IsKnown(OutputLine line)
        {
            if (_last is null || line.At > _last) return false;
            return line.At < _last || _sameInstant-- > 0;
        }
    }

    private sealed class Copy : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private int _started;

        public DateTimeOffset LastLooked { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;

        public CancellationToken Stopped => _stop.Token;

        public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

        public void Stop()
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself in this moment.
            }
        }

        public void Dispose() => _stop.Dispose();
    }
}
