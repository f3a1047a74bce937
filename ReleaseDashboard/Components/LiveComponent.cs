using System.Threading.Channels;
using Microsoft.AspNetCore.Components;
using ReleaseDashboard.Core.Live;

namespace ReleaseDashboard.Components;

/// <summary>
/// A component that shows records and reads them again when one of its keys changes: at most five times a second, one reading after
/// the other, however many changes come. Reading is <see cref="LoadAsync"/>; it runs on the component's own dispatcher.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private readonly Channel<bool> _dirty = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IReadOnlyCollection<string> _keys = [];
    private IDisposable? _subscription;
    private Task _loop = Task.CompletedTask;
    private ITimer? _timer;

    [Inject] public required IChangeFeed Changes { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }
    [Inject] public required ILoggerFactory Loggers { get; init; }

    /// <summary>False until the first reading has ended: show a skeleton.</summary>
    protected bool Loaded { get; private set; }

    /// <summary>The keys of what is shown now. When parameters change them, the component subscribes anew and reads at once.</summary>
    protected abstract IReadOnlyCollection<string> Keys { get; }

    /// <summary>Reads again this often even if nothing changed; null never.</summary>
    protected virtual TimeSpan? Every => null;

    protected CancellationToken Gone => _gone.Token;

    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Read again soon: after a command of this page, which need not wait for the feed.</summary>
    protected void Refresh() => _dirty.Writer.TryWrite(true);

    protected override async Task OnParametersSetAsync()
    {
        if (Loaded && Keys.SequenceEqual(_keys)) return;
        Loaded = false;
        Listen(); // Before the first reading, so that no change falls between the two.
        await ReadAsync();
        Loaded = true;
        if (_loop.IsCompleted && !Gone.IsCancellationRequested) _loop = FollowAsync();
        if (Every is { } period) _timer ??= Clock.CreateTimer(_ => Refresh(), null, period, period);
    }

    private bool Listen()
    {
        var keys = Keys;
        if (_subscription is not null && keys.SequenceEqual(_keys)) return false;
        _subscription?.Dispose();
        _subscription = Changes.Subscribe(_keys = [.. keys], _ => Refresh());
        return true;
    }

    // What was read may name further keys; a change to one of them that fell before the subscription is read after it.
    private async Task ReadAsync()
    {
        await LoadAsync(Gone);
        if (!Gone.IsCancellationRequested && Listen()) Refresh();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (await _dirty.Reader.WaitToReadAsync(Gone))
            {
                _dirty.Reader.TryRead(out _);
                var read = await TryReloadAsync();
                await Task.Delay(read ? Pause : PauseAfterError, Clock, Gone);
                if (!read) Refresh();
            }
        }
        catch (OperationCanceledException)
        {
            // The component is gone.
        }
    }

    // What is on show stays on show when a reading fails; the next one replaces it.
    private async Task<bool> TryReloadAsync()
    {
        try
        {
            await InvokeAsync(async () =>
            {
                await ReadAsync();
                StateHasChanged();
            });
            return true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            Loggers.CreateLogger(GetType()).LogWarning(problem, "A page could not read its records again");
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        if (_timer is not null) await _timer.DisposeAsync();
        await _gone.CancelAsync();
        await _loop;
        await DisposeOwnAsync();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the component itself holds.</summary>
    protected virtual ValueTask DisposeOwnAsync() => ValueTask.CompletedTask;
}
