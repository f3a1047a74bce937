namespace ReleaseDashboard.Hosting;

/// <summary>
/// When the dashboard stops, requests under way get a moment to end; then they are cut off. Streams and WebSockets never end by themselves,
/// and the time they would take is needed by the workers to give their runs back.
/// </summary>
internal sealed class StopGate : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.5);
    private readonly CancellationTokenSource _over = new();
    private readonly RequestDelegate _next;
    private readonly CancellationTokenRegistration _stopping;

    public StopGate(RequestDelegate next, IHostApplicationLifetime lifetime)
    {
        _next = next;
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(Moment));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        using var cut = _over.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
        await _next(context);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
