using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;

namespace ReleaseDashboard.Core.Observation;

/// <summary>Takes the output of one instance into its log until the instance is down or gone. Away with the engine, it goes on when that is back.</summary>
internal sealed class InstanceCapture(
    IEngine engine,
    ILogStore store,
    ILogTimelines timelines,
    IEnvironmentSecrets secrets,
    TimeProvider clock,
    ILogger log,
    string environment,
    ObservedInstance instance,
    Action<InstanceCapture> over,
    CancellationToken stopping)
{
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(5);

    /// <summary>An instance that was removed has said its last word; this long after it nobody waits for more.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    /// <summary>Lines that were read reach the timeline of their service after this at the latest.</summary>
    private static readonly TimeSpan LongestUntold = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOutputFeed? _stream;
    private bool _starting;
    private volatile bool _gone;

    public string Environment => environment;

    public ObservedInstance Instance => instance;

    public string LogId { get; } = InstanceLogs.LogId(environment, instance.Id);

    /// <summary>Number of the last look at the engine that had begun when this instance was known.</summary>
    public required long Stamp { get; init; }

    public bool IsGone => _gone;

    /// <summary>Its output was read to its end.</summary>
    public bool IsDown { get; private set; }

    public Task Ended => _ended.Task;

    /// <summary>Listens before the instance starts.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _stream = await engine.OpenOutputAsync(instance.Id, await MarkAsync(cancellationToken), starting: true, cancellationToken);
        _starting = true;
    }

    public void Start() => _ = Task.Run(RunAsync, CancellationToken.None);

    /// <summary>It is no longer on the engine.</summary>
    public void Gone()
    {
        if (_gone) return;
        _gone = true;
        Try(() => _stop.CancelAfter(Goodbye));
    }

    public void Stop() => Try(_stop.Cancel);

    /// <summary>Marks the log of an instance that is gone as ended.</summary>
    public static async Task CompleteAsync(ILogStore store, string logId, ILogger log)
    {
        try
        {
            if (store.State(logId) is not { TotalLines: > 0, Ended: false }) return;
            await using var writer = store.OpenWriter(logId, []);
            writer.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            log.LogWarning("The log {LogId} could not be marked as ended: {Message}", logId, e.Message);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await using (var sink = new CaptureSink(store, LogId, token => secrets.OfAsync(environment, token), clock, log))
            {
                while (!IsDown) await AttendAsync(sink, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The dashboard stops, or the instance is gone and silent.
        }
        catch (Exception e)
        {
            log.LogError(e, "The output of instance {Instance} is no longer captured; the next look at the environment begins again.", instance.Name);
        }
        finally
        {
            if (_stream is not null) await _stream.DisposeAsync();
            over(this);
            if (_gone) await CompleteAsync(store, LogId, log);
            _ended.SetResult();
            _stop.Dispose();
        }
    }

    /// <summary>Reads until the instance is down, or something breaks that waiting may mend.</summary>
    private async Task AttendAsync(CaptureSink sink, CancellationToken cancellationToken)
    {
        var pause = AwayPause;
        try
        {
            _stream ??= await engine.OpenOutputAsync(instance.Id, await MarkAsync(cancellationToken), _starting, cancellationToken);
            await TakeAllAsync(_stream, sink, cancellationToken);

            IsDown = true;
            return;
        }
        catch (EngineUnavailableException)
        {
            // The observer says so to everybody.
        }
        catch (EngineException e)
        {
            log.LogInformation("The output of instance {Instance} cannot be read: {Message}", instance.Name, e.Message);
            IsDown = true;
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "The output of instance {Instance} broke off; reading goes on behind the last line.", instance.Name);
            pause = TroublePause;
        }

        if (_stream is not null) await _stream.DisposeAsync();
        _stream = null;
        await Task.Delay(pause, clock, cancellationToken);
    }

    /// <summary>The service's timeline is told when nothing more is there at once, or after a moment: what was missed comes line by line, and faster than it is printed.</summary>
    private async Task TakeAllAsync(IOutputFeed feed, CaptureSink sink, CancellationToken cancellationToken)
    {
        await using var pieces = feed.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var told = clock.GetTimestamp();
        var taken = false;
        try
        {
            while (true)
            {
                var next = pieces.MoveNextAsync();
                if (taken && (!next.IsCompleted || clock.GetElapsedTime(told) >= LongestUntold))
                {
                    AddToService();
                    (taken, told) = (false, clock.GetTimestamp());
                }

                if (!await next) return;
                await sink.TakeAsync(pieces.Current, cancellationToken);
                taken = true;
            }
        }
        finally
        {
            if (taken) AddToService();
        }
    }

    private static void Try(Action stop)
    {
        try
        {
            stop();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
        }
    }

    private void AddToService()
    {
        try
        {
            timelines.Advance(InstanceLogs.ServiceLogId(environment, instance.Service), new TimelineMember(LogId, instance.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The next line tries again: a timeline takes whatever it does not have yet.
            log.LogDebug(e, "The timeline of {Service} could not be written.", instance.Service);
        }
    }

    /// <summary>What the log has; null for nothing.</summary>
    private async Task<OutputMark?> MarkAsync(CancellationToken cancellationToken)
    {
        var total = store.State(LogId).TotalLines;
        if (total == 0) return null;
        var tail = await store.ReadAsync(LogId, Math.Max(1, total - 199), 200, cancellationToken);
        var printed = (await store.CountTaskLinesAsync(LogId, "", cancellationToken)).Printed;
        // A line of the dashboard's own says that something is missing: then counting from the first line finds nothing.
        return new OutputMark(printed == total ? total : null, [.. tail.Lines.Where(l => l.Source != LogSource.Sys).Select(l => new OutputLine(l.At, l.Source, l.Text))]);
    }
}
