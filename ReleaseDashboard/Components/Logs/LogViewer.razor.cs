using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Components.Logs;

/// <summary>
/// Shows a log of any length and follows it. The browser fetches what it shows by HTTP; this side pushes only how long the log is and, while the end is looked at,
/// its newest lines: the first at once, then at most twenty times a second, half as often where each push fills the view; each push awaited, nothing for a hidden tab.
/// </summary>
public sealed partial class LogViewer : IAsyncDisposable
{
    /// <summary>A push is a hint, not the transport: more text than this is left to HTTP.</summary>
    private const int PushCap = 32 * 1024;

    /// <summary>What can be typed to go to: <c>50</c>, <c>50-60</c>, <c>L50-L60</c>.</summary>
    private const string LinesPattern = @"\s*[Ll]?\d{1,12}(\s*[\-–]\s*[Ll]?\d{1,12})?\s*";

    private static readonly TimeSpan PushTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Breath after a push that filled the view, less of it after one that did not: where nothing stays to be read, more often would only blur.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Breath where the end is not looked at and only numbers run.</summary>
    private static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private ElementReference _root;
    private DotNetObjectReference<LogViewer>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _viewer;
    private CancellationTokenSource? _followStop;
    private Task _following = System.Threading.Tasks.Task.CompletedTask;
    private string _shownId = "";
    private string _shown = "";
    private volatile bool _visible = true;
    private volatile bool _atEnd = true;
    private volatile int _rows = 60;
    private volatile bool _over;
    private long _pushed;

    [Inject] public required IJSRuntime JS { get; init; }
    [Inject] public required ILogStore Store { get; init; }
    [Inject] public required ILogTail Tail { get; init; }
    [Inject] public required IRunLogs Runs { get; init; }
    [Inject] public required IDashboardViews Views { get; init; }
    [Inject] public required IWebHostEnvironment Web { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [Inject] public required ILogger<LogViewer> Logger { get; init; }

    /// <summary>The run whose log is shown. Either this, or <see cref="LogId"/> and <see cref="LogUrl"/>.</summary>
    [Parameter] public long? RunId { get; set; }

    /// <summary>Name in the log store, for a log that is not a run's.</summary>
    [Parameter] public string? LogId { get; set; }

    /// <summary>Base address of the log's pages: <c>/api/v1/runs/128/log</c>.</summary>
    [Parameter] public string? LogUrl { get; set; }

    /// <summary>A task whose lines stand out; the view goes to its first line.</summary>
    [Parameter] public string? Task { get; set; }

    /// <summary>A line to go to and mark.</summary>
    [Parameter] public long? Line { get; set; }

    /// <summary>Accessible name of the log.</summary>
    [Parameter] public string Label { get; set; } = "Stage log";

    /// <summary>CSS height of the whole viewer.</summary>
    [Parameter] public string Height { get; set; } = "480px";

    /// <summary>False for a second viewer on a page: <c>#L123</c> belongs to one.</summary>
    [Parameter] public bool DeepLinks { get; set; } = true;

    /// <summary>Address that links to lines are made of, without <c>#L123</c>; null for the page's own.</summary>
    [Parameter] public string? Page { get; set; }

    private string Id => LogId ?? $"run-{RunId}";

    private string Url => LogUrl ?? $"/api/v1/runs/{RunId}/log";

    /// <summary>Called by the script: what it looks at now. Answers the state, so that nothing is missed while a push was not wanted.</summary>
    [JSInvokable]
    public LogTailMessage SyncAsync(bool atEnd, bool visible, int rows)
    {
        (_atEnd, _visible, _rows) = (atEnd, visible, Math.Clamp(rows, 1, 300));
        var state = Store.State(_shownId);
        return new LogTailMessage(state.TotalLines, state.Ended || _over, null, state.Pruned);
    }

    /// <summary>Called by the script when its menu opens: runs of the same stage, newest first, without the one that is shown.</summary>
    [JSInvokable]
    public async Task<IReadOnlyList<SameStageRun>> RunsAsync() =>
        LogId is null && RunId is { } run ? await SameStageRuns.FindAsync(Views, run, _stop.Token) : [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await StopFollowingAsync();
        try
        {
            if (_viewer is not null)
            {
                await _viewer.InvokeVoidAsync("close");
                await _viewer.DisposeAsync();
            }
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException or JSException)
        {
            // The browser is gone, and with it what was to be closed.
        }
        _self?.Dispose();
        _stop.Dispose();
    }

    // The script owns what is inside: drawing again would only compare the frame with itself, unless the frame's own texts change.
    protected override bool ShouldRender() => _shown != Wanted;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown == Wanted) return;
        _shown = Wanted;
        try
        {
            var task = await FindTaskAsync();
            if (_shownId != Id) await StopFollowingAsync();
            var changed = _shownId != Id;
            _shownId = Id;
            // With the newest lines, so that the first rows are drawn without asking.
            if (changed) _pushed = 0;
            var options = new { url = Url, task, line = Line, deepLinks = DeepLinks, page = Page, tail = await ReadTailAsync(Id, Store.State(Id), _stop.Token) };
            if (_viewer is null)
            {
                _self = DotNetObjectReference.Create(this);
                _module = await JS.InvokeAsync<IJSObjectReference>("import", _stop.Token, "./js/log-viewer.js");
                _viewer = await _module.InvokeAsync<IJSObjectReference>("open", _stop.Token, _root, _self, options);
            }
            else
            {
                await _viewer.InvokeVoidAsync("show", _stop.Token, options);
            }
            if (changed) StartFollowing();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException)
        {
            // The page was left while it was being set up.
        }
    }

    private string Wanted => $"{Id} {Url} {Task} {Line} {Label} {Height} {DeepLinks} {Page}";

    private async Task<object?> FindTaskAsync()
    {
        if (string.IsNullOrEmpty(Task)) return null;
        var lines = await Store.CountTaskLinesAsync(Id, Task, _stop.Token);
        return new { name = Task, first = lines.First, last = lines.Last };
    }

    private void StartFollowing()
    {
        _followStop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _pushed = 0;
        _over = false;
        var states = LogId is null && RunId is { } run ? Runs.WatchAsync(run, _followStop.Token) : Tail.WatchAsync(_shownId, _followStop.Token);
        _following = FollowAsync(_shownId, states, _followStop.Token);
    }

    private async Task StopFollowingAsync()
    {
        if (_followStop is null) return;
        await _followStop.CancelAsync();
        await _following;
        _followStop.Dispose();
        _followStop = null;
    }

    private async Task FollowAsync(string logId, IAsyncEnumerable<LogState> states, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var state in states)
            {
                _over = state.Ended;
                // A tab that becomes visible asks for the state itself.
                if (!_visible) continue;
                var pause = await PushAsync(logId, state, cancellationToken);
                if (pause > TimeSpan.Zero && !state.Ended) await System.Threading.Tasks.Task.Delay(pause, Clock, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Another log is shown, or the page is left.
        }
        catch (JSDisconnectedException)
        {
            // The circuit is over; a lost connection that may come back is handled by the push.
        }
        catch (Exception e)
        {
            // The script goes on by asking every few seconds.
            Logger.LogError(e, "The viewer of log {LogId} no longer follows it.", logId);
        }
    }

    /// <summary>How long the eye has enough with it.</summary>
    private async Task<TimeSpan> PushAsync(string logId, LogState state, CancellationToken cancellationToken)
    {
        var atEnd = _atEnd;
        var share = Math.Clamp((double)(state.TotalLines - _pushed) / _rows, 0, 1);
        var message = atEnd ? await ReadTailAsync(logId, state, cancellationToken) : new LogTailMessage(state.TotalLines, state.Ended, null, state.Pruned);
        _pushed = state.TotalLines;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PushTimeout);
        try
        {
            await InvokeAsync(async () => await _viewer!.InvokeVoidAsync("push", timeout.Token, message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection is away for a moment. The script reads by HTTP meanwhile and asks for the state when it is back.
        }
        return atEnd ? FullPause * share : AwayPause;
    }

    /// <summary>Only what fits the view, however many lines came since the last push: the others are fetched by whoever scrolls to them.</summary>
    private async Task<LogTailMessage> ReadTailAsync(string logId, LogState state, CancellationToken cancellationToken)
    {
        var from = Math.Max(_pushed + 1, state.TotalLines - _rows + 1);
        var batch = await Store.ReadAsync(logId, from, _rows, cancellationToken);
        var lines = batch.Lines.Sum(l => l.Text.Length) <= PushCap ? LogTailLines.Of(batch.Lines) : null;
        return new LogTailMessage(state.TotalLines, state.Ended, lines, state.Pruned);
    }
}
