using System.Globalization;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using ReleaseDashboard.Core.Engines.Docker.Capture;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Reads what a container printed, from its first line or its last ones, in the order it was printed.</summary>
internal sealed class DockerOutput(DockerConnection docker) : IKeptLines
{
    public IAsyncEnumerable<OutputLine> ReadAsync(string containerId, int? tail, bool follow, CancellationToken cancellationToken) =>
        ReadAsync(containerId, tail, null, follow, keepUnfinished: true, cancellationToken);

    public IAsyncEnumerable<OutputLine> ReadSinceAsync(string containerId, DateTimeOffset since, CancellationToken cancellationToken) =>
        // Docker's times are finer than ours, and ours are rounded: a line must not be left out by its own time.
        ReadAsync(containerId, null, since - TimeSpan.FromTicks(1), follow: false, keepUnfinished: true, cancellationToken);

    /// <summary>
    /// All lines of a container that runs to its end, as they are printed. A follow of Docker's can end before it has given everything a process printed just before
    /// it ended, in the middle of a line too; so what is missing is read once more when the process has ended.
    /// </summary>
    public async IAsyncEnumerable<OutputLine> ReadToTheEndAsync(string containerId, Func<CancellationToken, Task> ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var followed = 0L;
        await foreach (var line in ReadAsync(containerId, null, null, follow: true, keepUnfinished: false, cancellationToken))
        {
            followed++;
            yield return line;
        }

        await ended(cancellationToken);
        var number = 0L;
        await foreach (var line in ReadAsync(containerId, null, null, follow: false, keepUnfinished: true, cancellationToken))
        {
            if (++number > followed) yield return line;
        }
    }

    private async IAsyncEnumerable<OutputLine> ReadAsync(string containerId, int? tail, DateTimeOffset? since, bool follow, bool keepUnfinished, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = tail is { } count ? $"&tail={count}" : "";
        if (since is { } time) last += string.Create(CultureInfo.InvariantCulture, $"&since={time.ToUnixTimeSeconds()}.{time.Ticks % TimeSpan.TicksPerSecond * 100:D9}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/containers/{containerId}/logs?stdout=1&stderr=1&timestamps=1&follow={(follow ? 1 : 0)}{last}");
        using var answer = await SendAsync(request, containerId, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var frames = new OutputFrames(body, keepUnfinished);
        while (await docker.ReadAsync(() => frames.ReadAsync(cancellationToken), cancellationToken) is { } line) yield return line;
    }

    /// <summary>The last lines as text, for evidence; empty when there are none or the container is gone.</summary>
    public async Task<string> TailAsync(string containerId, int count, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        try
        {
            await foreach (var line in ReadAsync(containerId, count, false, cancellationToken)) lines.Add(line.Text.Length > 2000 ? line.Text[..2000] + "…" : line.Text);
        }
        catch (EngineException)
        {
            // Gone, or its log driver cannot be read: no evidence is better than no answer.
        }

        return string.Join('\n', lines.TakeLast(count));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string containerId, CancellationToken cancellationToken)
    {
        try
        {
            return await docker.SendAsync(request, cancellationToken);
        }
        catch (DockerApiException problem)
        {
            throw new EngineException($"There is no output of {containerId}: {DockerConnection.Words(problem)}", problem);
        }
    }
}
