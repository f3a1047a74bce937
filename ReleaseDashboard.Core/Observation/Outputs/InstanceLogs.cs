using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// Sees to it that every instance that runs is captured, once. A rollout tells of an instance before it starts it; all others (after a restart of the dashboard, or started
/// by somebody else) are found by the observer's looks.
/// </summary>
internal sealed class InstanceLogs(IServiceProvider services, ILogStore store, ILogTimelines timelines, TimeProvider clock, ILogger<InstanceLogs> log) : BackgroundService, IInstanceLogs, IObservationListener
{
    /// <summary>A rollout does not wait longer than this for its instance to be listened to.</summary>
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, InstanceCapture> _captures = new();

    /// <summary>Output that was read to its end, with the start it belongs to: nothing more comes from an instance that is not started again.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset?> _down = new();

    private readonly ConcurrentDictionary<string, bool> _tidied = new();
    private readonly CancellationTokenSource _stopped = new();
    private long _looks;

    // Taken when it is first needed: a dashboard whose engine is not registered can still show what was captured.
    private IEngine Engine => services.GetRequiredService<IEngine>();

    public static string LogId(string environment, string instanceId) => $"instance-{environment}-{instanceId}";

    public static string ServiceLogId(string environment, string service) => $"{ServicePrefix(environment)}{service}";

    public string? OpenService(string environment, string service)
    {
        if (!IsName(environment) || !IsName(service)) return null;
        var logId = ServiceLogId(environment, service);
        return timelines.Members(logId).Count > 0 ? logId : null;
    }

    public IReadOnlyList<CapturedInstance> List(string environment) =>
        !IsName(environment) ? [] :
        [
            .. from timeline in timelines.List(ServicePrefix(environment)).Order(StringComparer.Ordinal)
               from member in timelines.Members(timeline)
               select new CapturedInstance(timeline[ServicePrefix(environment).Length..], member.LogId[LogId(environment, "").Length..], member.Name),
        ];

    public async Task<string?> OpenAsync(string environment, string instance, CancellationToken cancellationToken)
    {
        if (!IsName(environment) || !IsName(instance)) return null;
        var logId = LogId(environment, instance);
        if (_captures.ContainsKey(logId) || store.State(logId).TotalLines > 0) return logId;
        if (_captures.Values.FirstOrDefault(c => c.Environment == environment && c.Instance.Name == instance) is { } named) return named.LogId;
        if (List(environment).FirstOrDefault(i => i.Name == instance) is { } kept) return LogId(environment, kept.Id);
        var observed = await Engine.ObserveAsync(environment, cancellationToken);
        if (observed.Instances.FirstOrDefault(i => i.Id == instance || i.Name == instance) is not { } found) return null;
        Capture(environment, found);
        return LogId(environment, found.Id);
    }

    public async ValueTask BeginAsync(string environment, ObservedInstance instance, CancellationToken cancellationToken)
    {
        var capture = Make(environment, instance);
        if (!_captures.TryAdd(capture.LogId, capture)) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OpenTime);
        try
        {
            await capture.OpenAsync(limit.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(e, "{Instance} could not be listened to before its start; its output is read as soon as it is seen to run.", instance.Name);
        }
        finally
        {
            capture.Start();
        }
    }

    public long Stamp() => Interlocked.Increment(ref _looks);

    public async Task ObservedAsync(ReleaseEnvironment? environment, ObservedState observed, long stamp, CancellationToken cancellationToken)
    {
        if (environment is null or { Phase: EnvironmentPhase.Removed }) return;
        foreach (var instance in observed.Instances.Where(i => i.Status != InstanceStatus.Created)) Capture(environment.Id, instance);

        var there = observed.Instances.Select(i => LogId(environment.Id, i.Id)).ToHashSet();
        foreach (var capture in _captures.Values.Where(c => c.Environment == environment.Id && c.Stamp < stamp && !there.Contains(c.LogId))) capture.Gone();
        // Those that went away while no dashboard ran, and those that were down before they went.
        if (_tidied.TryAdd(environment.Id, true)) await TidyAsync(OwnLogs(environment.Id).Where(id => !there.Contains(id)));
        await TidyAsync(_down.Keys.Where(id => IsOwn(environment.Id, id) && !there.Contains(id)));
    }

    public async Task DeleteAsync(string environment, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        var longer = others.Where(o => o.StartsWith($"{environment}-", StringComparison.Ordinal)).Select(o => LogId(o, "")).ToList();
        var captures = _captures.Values.Where(c => c.Environment == environment).ToList();
        foreach (var capture in captures) capture.Stop();
        await Task.WhenAll(captures.Select(c => c.Ended)).WaitAsync(cancellationToken);
        foreach (var logId in store.List(LogId(environment, "")).Where(id => !longer.Exists(o => id.StartsWith(o, StringComparison.Ordinal))))
        {
            store.Delete(logId);
            _down.TryRemove(logId, out _);
        }

        foreach (var timeline in timelines.List(ServicePrefix(environment))) timelines.Delete(timeline);
        _tidied.TryRemove(environment, out _);
    }

    public override void Dispose()
    {
        _stopped.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopped.CancelAsync();
        await Task.WhenAll(_captures.Values.Select(c => c.Ended));
    }

    private void Capture(string environment, ObservedInstance instance)
    {
        var logId = LogId(environment, instance.Id);
        if (_captures.ContainsKey(logId)) return;
        if (_down.TryGetValue(logId, out var started) && started == instance.StartedAt && instance.Status == InstanceStatus.Exited) return;
        var capture = Make(environment, instance);
        if (_captures.TryAdd(logId, capture)) capture.Start();
    }

    private InstanceCapture Make(string environment, ObservedInstance instance) =>
        new(Engine, store, timelines, services.GetRequiredService<IEnvironmentSecrets>(), clock, log, environment, instance, Over, _stopped.Token) { Stamp = Interlocked.Read(ref _looks) };

    private void Over(InstanceCapture capture)
    {
        if (capture.IsGone) _down.TryRemove(capture.LogId, out _);
        else if (capture.IsDown) _down[capture.LogId] = capture.Instance.StartedAt;
        _captures.TryRemove(capture.LogId, out _);
    }

    /// <summary>Their instances are gone: nothing will be added any more.</summary>
    private async Task TidyAsync(IEnumerable<string> logIds)
    {
        foreach (var logId in logIds.Where(id => !_captures.ContainsKey(id)).ToList())
        {
            _down.TryRemove(logId, out _);
            await InstanceCapture.CompleteAsync(store, logId, log);
        }
    }

    private IEnumerable<string> OwnLogs(string environment) => store.List(LogId(environment, "")).Where(id => IsOwn(environment, id));

    /// <summary>An engine's id has no dash, an environment's id may.</summary>
    private static bool IsOwn(string environment, string logId) =>
        logId.StartsWith(LogId(environment, ""), StringComparison.Ordinal) && !logId.AsSpan(LogId(environment, "").Length).Contains('-');

    /// <summary>An environment's id has no underscore, so the first one ends it.</summary>
    private static string ServicePrefix(string environment) => $"service-{environment}_";

    private static bool IsName(string text) => text.Length is > 0 and <= 90 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
