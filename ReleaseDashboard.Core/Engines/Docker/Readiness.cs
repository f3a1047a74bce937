using System.Net.Sockets;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Where a probe goes.</summary>
/// <param name="Address">The container's own address, when this machine can reach it.</param>
internal sealed record ProbeTarget(string ContainerId, string? Address, IReadOnlyList<InstanceEndpoint> Published)
{
    public static ProbeTarget Of(ContainerInspectResponse container, bool localLinux) =>
        new(container.ID, localLinux ? DockerView.Address(container) : null, DockerView.Endpoints(container));

    /// <summary>
    /// The container's own address comes first: Docker's proxy on a published port accepts connections also while nobody listens behind it.
    /// </summary>
    public IEnumerable<(string Host, int Port, bool Direct)> Ways(int port)
    {
        if (Address is not null) yield return (Address, port, true);
        foreach (var endpoint in Published.Where(e => e.TargetPort == port)) yield return (endpoint.Address, endpoint.Port, false);
    }
}

/// <param name="Detail">What was asked and what came back: <c>GET /health answered 500</c>.</param>
internal readonly record struct ProbeAnswer(bool Ready, string Detail);

/// <summary>Asks one instance once whether it is ready. Kubernetes asks by itself; Docker's own health check cannot be told period and threshold from outside the image.</summary>
internal sealed class Readiness(DockerConnection docker) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<ProbeAnswer> AskAsync(ProbeTemplate probe, ProbeTarget target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(Math.Max(0.1, probe.TimeoutSeconds)));
        try
        {
            return probe switch
            {
                { Exec: { Count: > 0 } command } => await ExecAsync(command, target.ContainerId, limit.Token),
                { HttpPath: { } path } => await HttpAsync(path, probe.HttpPort ?? 80, target, limit.Token),
                { TcpPort: { } port } => await TcpAsync(port, target, limit.Token),
                _ => new ProbeAnswer(true, "no probe"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeAnswer(false, $"{Describe(probe)} gave no answer within {probe.TimeoutSeconds:0.#} s");
        }
    }

    /// <summary>Is anything listening? Null when there is no way to find out.</summary>
    public static async Task<bool?> ListensAsync(int port, ProbeTarget target, CancellationToken cancellationToken) =>
        target.Ways(port).Any() ? (await TcpAsync(port, target, cancellationToken)).Ready : null;

    public static string Describe(ProbeTemplate probe) => probe switch
    {
        { Exec: { Count: > 0 } command } => $"`{string.Join(' ', command)}`",
        { HttpPath: { } path } => $"GET {path}",
        _ => $"port {probe.TcpPort}",
    };

    public void Dispose() => _http.Dispose();

    private async Task<ProbeAnswer> HttpAsync(string path, int port, ProbeTarget target, CancellationToken cancellationToken)
    {
        var answer = new ProbeAnswer(false, $"GET {path} cannot be asked: port {port} has no way in from this machine");
        foreach (var (host, way, direct) in target.Ways(port))
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("http", host, way) { Path = path.Split('?', 2)[0], Query = path.Contains('?') ? path.Split('?', 2)[1] : "" }.Uri);
                request.Headers.ConnectionClose = true;
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                var code = (int)response.StatusCode;
                return new ProbeAnswer(code is >= 200 and < 400, $"GET {path} answered {code}");
            }
            catch (HttpRequestException problem)
            {
                answer = new ProbeAnswer(false, problem.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                    ? $"GET {path} found nobody listening on port {port}"
                    : $"GET {path} on port {port} failed: {problem.InnerException?.Message ?? problem.Message}");
                if (!(direct && Unreachable(problem.InnerException))) return answer;
            }
        }

        return answer;
    }

    private static async Task<ProbeAnswer> TcpAsync(int port, ProbeTarget target, CancellationToken cancellationToken)
    {
        var answer = new ProbeAnswer(false, $"port {port} has no way in from this machine");
        foreach (var (host, way, direct) in target.Ways(port))
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(host, way, cancellationToken);
                if (direct || await StaysOpenAsync(socket, cancellationToken)) return new ProbeAnswer(true, $"port {port} accepts connections");
                return new ProbeAnswer(false, $"port {port} does not accept connections");
            }
            catch (SocketException problem)
            {
                answer = new ProbeAnswer(false, problem.SocketErrorCode == SocketError.ConnectionRefused ? $"port {port} does not accept connections" : $"port {port}: {problem.Message}");
                if (!(direct && Unreachable(problem))) return answer;
            }
        }

        return answer;
    }

    /// <summary>Docker's proxy accepts, finds nobody behind and closes at once; a server that listens waits, or speaks first.</summary>
    private static async Task<bool> StaysOpenAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        moment.CancelAfter(TimeSpan.FromMilliseconds(100));
        try
        {
            return await socket.ReceiveAsync(new byte[1], moment.Token) > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool Unreachable(Exception? problem) =>
        problem is SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut or SocketError.AccessDenied };

    private async Task<ProbeAnswer> ExecAsync(IReadOnlyList<string> command, string containerId, CancellationToken cancellationToken)
    {
        var asked = $"`{string.Join(' ', command)}`";
        try
        {
            var exec = await docker.CallAsync(client => client.Exec.CreateContainerExecAsync(containerId, new ContainerExecCreateParameters { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, cancellationToken), cancellationToken);
            // Without an upgrade the daemon answers with the output as the body and closes it when the command has ended.
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/exec/{exec.ID}/start") { Content = new StringContent("""{"Detach":false,"Tty":false}""", Encoding.UTF8, "application/json") };
            using var answer = await docker.SendAsync(request, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var frames = new OutputFrames(body);
            var said = "";
            while (await docker.ReadAsync(() => frames.ReadAsync(cancellationToken), cancellationToken) is { } line) said = line.Text;
            var ended = await docker.CallAsync(client => client.Exec.InspectContainerExecAsync(exec.ID, cancellationToken), cancellationToken);
            return ended.ExitCode == 0
                ? new ProbeAnswer(true, $"{asked} succeeded")
                : new ProbeAnswer(false, $"{asked} ended with exit code {ended.ExitCode}{(said.Length > 0 ? $": {(said.Length > 200 ? said[..200] + "…" : said)}" : "")}");
        }
        catch (DockerApiException problem)
        {
            // Not running at the moment, or gone: not ready.
            return new ProbeAnswer(false, $"{asked} could not be run: {DockerConnection.Words(problem)}");
        }
        catch (EngineException problem) when (problem.InnerException is DockerApiException inner)
        {
            return new ProbeAnswer(false, $"{asked} could not be run: {DockerConnection.Words(inner)}");
        }
    }
}
