using System.Net.Sockets;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Where the Docker daemon listens.</summary>
/// <param name="SocketPath">Set for a Unix socket.</param>
/// <param name="PipeName">Set for a Windows named pipe.</param>
/// <param name="Tcp">Set for a daemon on the network, without TLS.</param>
internal sealed record DockerEndpoint(string Written, string? SocketPath = null, string? PipeName = null, Uri? Tcp = null)
{
    private const string DefaultSocket = "unix:///var/run/docker.sock";
    private const string DefaultPipe = "npipe://./pipe/docker_engine";

    /// <summary>The daemon shares this machine's network, so a container's own address can be reached.</summary>
    public bool IsLocalLinux => SocketPath is not null && OperatingSystem.IsLinux();

    /// <summary>Our setting, else <c>DOCKER_HOST</c>, else the default of the system. Throws <see cref="EngineException"/> for what is none of <c>unix:</c>, <c>npipe:</c>, <c>tcp:</c>.</summary>
    public static DockerEndpoint Resolve(string? setting, string? dockerHost)
    {
        var written = !string.IsNullOrWhiteSpace(setting) ? setting
            : !string.IsNullOrWhiteSpace(dockerHost) ? dockerHost
            : OperatingSystem.IsWindows() ? DefaultPipe : DefaultSocket;
        return Parse(written.Trim());
    }

    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (PipeName is not null)
        {
            var pipe = new System.IO.Pipes.NamedPipeClientStream(".", PipeName, System.IO.Pipes.PipeDirection.InOut, System.IO.Pipes.PipeOptions.Asynchronous);
            await pipe.ConnectAsync(cancellationToken);
            return pipe;
        }

        var socket = SocketPath is not null
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (SocketPath is not null) await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            else await socket.ConnectAsync(Tcp!.Host, Tcp.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static DockerEndpoint Parse(string written)
    {
        if (written.StartsWith('/')) return new DockerEndpoint(written, SocketPath: written);
        if (Uri.TryCreate(written, UriKind.Absolute, out var uri))
        {
            switch (uri.Scheme)
            {
                case "unix": return new DockerEndpoint(written, SocketPath: uri.AbsolutePath);
                case "npipe": return new DockerEndpoint(written, PipeName: uri.AbsolutePath.Replace("/pipe/", "", StringComparison.OrdinalIgnoreCase).Trim('/'));
                case "tcp" or "http": return new DockerEndpoint(written, Tcp: new UriBuilder("http", uri.Host, uri.Port > 0 ? uri.Port : 2375).Uri);
            }
        }

        throw new EngineException($"The Docker endpoint '{written}' is not understood.")
        {
            Suggestion = "Write unix:///path/to/docker.sock, tcp://host:port or npipe://./pipe/name in Release__Docker__Endpoint or DOCKER_HOST.",
        };
    }
}
