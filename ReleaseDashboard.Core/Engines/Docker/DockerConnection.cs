using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.NativeHttp;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>
/// The line to the daemon: a typed client for calls and a plain HTTP client over the same socket for streams and builds. Both reuse their
/// connections. Every failure leaves here as <see cref="EngineUnavailableException"/> (the daemon is away), <see cref="EngineException"/> (it said no) or
/// <see cref="DockerApiException"/> for those few answers that a caller wants to tell apart (404, 409).
/// </summary>
internal sealed class DockerConnection : IDisposable
{
    private readonly DockerClient _client;
    private readonly HttpClient _http;

    public DockerConnection(IOptions<CoreOptions> options)
        : this(DockerEndpoint.Resolve(options.Value.Docker.Endpoint, Environment.GetEnvironmentVariable("DOCKER_HOST")))
    {
    }

    public DockerConnection(DockerEndpoint endpoint)
    {
        Endpoint = endpoint;
        _client = new DockerClientBuilder()
            .WithEndpoint(new Uri("http://docker"))
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(new NativeHttpTransportOptions { ConfigureHandler = Route })
            .Build();
        var handler = new SocketsHttpHandler();
        Route(handler);
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public DockerEndpoint Endpoint { get; }

    /// <summary>Makes a typed call. Not-found and conflict answers come through as they are.</summary>
    public async Task<T> CallAsync<T>(Func<IDockerClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(_client);
        }
        catch (Exception problem) when (Translate(problem, cancellationToken) is { } better)
        {
            throw better;
        }
    }

    public Task CallAsync(Func<IDockerClient, Task> call, CancellationToken cancellationToken) => CallAsync(async client =>
    {
        await call(client);
        return true;
    }, cancellationToken);

    /// <summary>Makes a typed call that may find nothing (404).</summary>
    public async Task<T?> FindAsync<T>(Func<IDockerClient, Task<T>> call, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await CallAsync(call, cancellationToken);
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sends a plain request and returns once its headers are there; the caller disposes the answer and reads the body through <see cref="ReadAsync"/>.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                throw new DockerApiException(response.StatusCode, body);
            }
        }
        catch (Exception problem) when (Translate(problem, cancellationToken) is { } better)
        {
            throw better;
        }
    }

    /// <summary>Reads from a stream of the daemon: a connection that breaks is a daemon that went away.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (Exception problem) when (Translate(problem, cancellationToken) is { } better)
        {
            throw better;
        }
    }

    /// <summary>
    /// Makes sure that a failure is the daemon's own word. One that goes down closes its socket first and then ends its containers, while connections that are open
    /// still answer, oddly: only a new connection tells. Throws <see cref="EngineUnavailableException"/> when there is none to be had.
    /// </summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Endpoint.ConnectAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is SocketException or IOException or TimeoutException)
        {
            throw Unavailable(problem);
        }
    }

    /// <summary>The daemon's own words out of <c>{"message":"…"}</c>.</summary>
    public static string Words(DockerApiException problem)
    {
        var body = problem.ResponseBody ?? "";
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message)) return message.GetString() ?? body;
        }
        catch (JsonException)
        {
            // Not JSON: a proxy in between speaks. Its words are the best there are.
        }

        return body.Trim();
    }

    public EngineUnavailableException Unavailable(Exception? inner = null)
    {
        var reason = (inner as HttpRequestException)?.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }
            ? "this user may not open its socket. Add the user to the group docker, sign in again and restart the dashboard."
            : "it does not answer. Start it (`sudo systemctl start docker`, or start Docker Desktop); the dashboard goes on by itself.";
        return new EngineUnavailableException($"Docker at {Endpoint.Written} cannot be used: {reason}", inner);
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private void Route(SocketsHttpHandler handler)
    {
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        // A stream that nobody reads any more is closed at once: that is how a build is canceled.
        handler.MaxResponseDrainSize = 0;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30);
        handler.ConnectCallback = (_, cancellationToken) => Endpoint.ConnectAsync(cancellationToken);
    }

    /// <summary>Null for what is already right: our own exceptions, a cancel the caller asked for, and answers a caller may want to tell apart.</summary>
    private Exception? Translate(Exception problem, CancellationToken cancellationToken) => problem switch
    {
        _ when cancellationToken.IsCancellationRequested => problem is OperationCanceledException ? null : new OperationCanceledException("Canceled.", problem, cancellationToken),
        DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict } => null,
        DockerApiException { StatusCode: HttpStatusCode.ServiceUnavailable } => Unavailable(problem),
        // A daemon that is going down answers like this before its socket closes.
        DockerApiException api when Words(api).Contains("daemon is shutting down", StringComparison.OrdinalIgnoreCase) || Words(api).Contains("grpc: the client connection is closing", StringComparison.Ordinal) => Unavailable(problem),
        DockerApiException api => new EngineException($"Docker refused: {Words(api)}", problem),
        HttpRequestException or IOException or SocketException or TimeoutException or TaskCanceledException => Unavailable(problem),
        _ => null,
    };
}
