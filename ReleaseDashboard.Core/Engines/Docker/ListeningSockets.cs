using System.Globalization;
using System.Net;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Where a running container listens, from the socket table of its own network: an image needs no tools for it where the engine is on this machine.</summary>
internal sealed class ListeningSockets(DockerConnection docker)
{
    /// <summary>Docker's own name server, which listens in every container.</summary>
    private static readonly IPAddress NameServer = IPAddress.Parse("127.0.0.11");

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary><c>127.0.0.1:8080</c>, <c>[::]:80</c>; null when it cannot be read.</summary>
    public async Task<IReadOnlyList<string>?> ReadAsync(ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        if (container.State is not { Running: true }) return null;
        var table = await FromThisMachineAsync(container.State.Pid, cancellationToken) ?? await FromInsideAsync(container.ID, cancellationToken);
        return table is null ? null : Parse(table);
    }

    /// <summary>Reads what the kernel writes in <c>/proc/net/tcp</c>: addresses as words of the processor's order, state 0A is listening.</summary>
    internal static IReadOnlyList<string> Parse(string table)
    {
        var found = new List<string>();
        foreach (var line in table.Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 4 || fields[3] != "0A" || fields[1].Split(':') is not [var address, var port]) continue;
            var bytes = Convert.FromHexString(address);
            for (var i = 0; i + 4 <= bytes.Length; i += 4) bytes.AsSpan(i, 4).Reverse();
            var at = new IPAddress(bytes);
            if (!at.Equals(NameServer)) found.Add(new IPEndPoint(at, int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        }
        return [.. found.Distinct()];
    }

    private async Task<string?> FromThisMachineAsync(long process, CancellationToken cancellationToken)
    {
        if (!docker.Endpoint.IsLocalLinux || process <= 0) return null;
        try
        {
            var text = new StringBuilder();
            foreach (var name in Tables) text.Append(await File.ReadAllTextAsync($"/proc/{process}{name["/proc".Length..]}", cancellationToken)).Append('\n');
            return text.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<string?> FromInsideAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var exec = await docker.CallAsync(client => client.Exec.CreateContainerExecAsync(id, new ContainerExecCreateParameters { Cmd = ["cat", .. Tables], AttachStdout = true }, cancellationToken), cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/exec/{exec.ID}/start") { Content = new StringContent("""{"Detach":false,"Tty":false}""", Encoding.UTF8, "application/json") };
            using var answer = await docker.SendAsync(request, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var frames = new OutputFrames(body);
            var text = new StringBuilder();
            while (await docker.ReadAsync(() => frames.ReadAsync(cancellationToken), cancellationToken) is { } line) text.Append(line.Text).Append('\n');
            var ended = await docker.CallAsync(client => client.Exec.InspectContainerExecAsync(exec.ID, cancellationToken), cancellationToken);
            return ended.ExitCode == 0 ? text.ToString() : null;
        }
        catch (Exception e) when (e is DockerApiException or EngineException)
        {
            // The image has no cat, or the container is gone.
            return null;
        }
    }
}
