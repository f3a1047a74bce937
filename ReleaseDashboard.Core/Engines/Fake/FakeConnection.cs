namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>The line between dashboard and fake engine: cutting it fails every call under way, as a stopped daemon does; jobs go on behind it.</summary>
internal sealed class FakeConnection : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _connected = new();

    public bool Away
    {
        get
        {
            lock (_lock) return _connected.IsCancellationRequested;
        }

        set
        {
            CancellationTokenSource? cut = null;
            lock (_lock)
            {
                if (value == _connected.IsCancellationRequested) return;
                if (value) cut = _connected;
                else _connected = new CancellationTokenSource();
            }

            cut?.Cancel();
        }
    }

    /// <summary>Throws when away; afterwards the token ends with the caller's wish or the connection.</summary>
    public async Task<T> UseAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var connected = Current();
        if (connected.IsCancellationRequested) throw Unavailable();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connected, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (connected.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Unavailable();
        }
    }

    public Task<T> UseAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        UseAsync(token =>
        {
            token.ThrowIfCancellationRequested();
            return Task.FromResult(work());
        }, cancellationToken);

    public CancellationToken Current()
    {
        lock (_lock) return _connected.Token;
    }

    public void Dispose() => _connected.Dispose();

    public static EngineUnavailableException Unavailable() => new("The fake engine is away. Set Away to false to bring it back.");
}
