using System.Net;
using Docker.DotNet;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>A connection over which Docker gives what a container prints, from now on and until its process ends. It does not depend on Docker's log.</summary>
internal sealed class Attachment : IDisposable
{
    private readonly DockerConnection _docker;
    private readonly HttpResponseMessage _answer;
    private readonly AttachedLines _lines;
    private Task<(LogSource Source, ReadOnlyMemory<byte> Lines)?>? _waiting;

    private Attachment(DockerConnection docker, HttpResponseMessage answer, Stream body, DateTimeOffset at)
    {
        (_docker, _answer, At) = (docker, answer, at);
        _lines = new AttachedLines(new AttachedFrames(body));
    }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Null while the container waits for its next start by Docker, or is gone: neither can be attached to.</summary>
    public static async Task<Attachment?> TryAsync(DockerConnection docker, string containerId, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/containers/{containerId}/attach?stream=1&stdout=1&stderr=1");
        try
        {
            var at = clock.GetUtcNow();
            var answer = await docker.SendAsync(request, cancellationToken);
            return new Attachment(docker, answer, await answer.Content.ReadAsStreamAsync(cancellationToken), at);
        }
        catch (DockerApiException refused) when (refused.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Lines of one source; null when the process ended. They are gone with the next call.</summary>
    public async ValueTask<(LogSource Source, ReadOnlyMemory<byte> Lines)?> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = _waiting is { } begun ? new ValueTask<(LogSource Source, ReadOnlyMemory<byte> Lines)?>(begun.WaitAsync(cancellationToken)) : _lines.ReadAsync(cancellationToken);
        var read = await _docker.ReadAsync(() => reading, cancellationToken);
        _waiting = null;
        return read;
    }

    /// <summary>Whether <see cref="ReadAsync"/> would answer within this time.</summary>
    public async Task<bool> WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        _waiting ??= _lines.ReadAsync(cancellationToken).AsTask();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_waiting, Task.Delay(time, clock, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return _waiting.IsCompleted;
    }

    public void Dispose()
    {
        _answer.Dispose();
        // A read under way ends with the connection, and nobody waits for it any more.
        _ = _waiting?.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
