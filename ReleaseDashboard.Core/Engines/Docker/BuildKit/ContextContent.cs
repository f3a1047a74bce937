using System.Net;
using System.Net.Http.Headers;

namespace ReleaseDashboard.Core.Engines.Docker.BuildKit;

/// <summary>The tar of a build context, written straight into the request: it is never held whole.</summary>
internal sealed class ContextContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;

    public ContextContent(Func<Stream, CancellationToken, Task> write)
    {
        _write = write;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
    }

    /// <summary>What the writer itself threw (git, not Docker).</summary>
    public Exception? WriterProblem { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await _write(stream, cancellationToken);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or HttpRequestException or IOException))
        {
            WriterProblem = problem;
            throw;
        }
    }

    /// <summary>Unknown: sent in chunks.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
