using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>The daemon's own account of what happens, line by line.</summary>
internal sealed class DockerEvents(DockerConnection docker)
{
    /// <summary>The daemon listens when the call returns. The caller disposes the stream.</summary>
    public async Task<DockerEventStream> OpenAsync(IReadOnlyList<string> types, IReadOnlyList<string> actions, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>> { ["type"] = types, ["event"] = actions };
        if (labels.Count > 0) filters["label"] = labels;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/events?filters={Uri.EscapeDataString(JsonSerializer.Serialize(filters))}");
        return new DockerEventStream(docker, await docker.SendAsync(request, cancellationToken));
    }
}

/// <param name="Type"><c>container</c>, <c>network</c>, <c>volume</c>.</param>
internal sealed record DockerEvent(string Type, string Action, string Id, JsonElement Attributes)
{
    public string? Attribute(string name) => Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(name, out var value) ? value.GetString() : null;
}

internal sealed class DockerEventStream(DockerConnection docker, HttpResponseMessage answer) : IDisposable
{
    public async IAsyncEnumerable<DockerEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(body);
        while (await docker.ReadAsync(() => reader.ReadLineAsync(cancellationToken), cancellationToken) is { } line)
        {
            if (Parse(line) is { } happened) yield return happened;
        }
    }

    public void Dispose() => answer.Dispose();

    /// <summary><c>{"Type":"container","Action":"die","Actor":{"ID":"…","Attributes":{"exitCode":"1","release.environment":"ted1"}},"time":…}</c></summary>
    internal static DockerEvent? Parse(string line)
    {
        if (line.Length == 0) return null;
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        if (!root.TryGetProperty("Actor", out var actor) || !root.TryGetProperty("Type", out var type) || !root.TryGetProperty("Action", out var action)) return null;
        var attributes = actor.TryGetProperty("Attributes", out var found) ? found.Clone() : default;
        return new DockerEvent(type.GetString() ?? "", action.GetString() ?? "", actor.GetProperty("ID").GetString() ?? "", attributes);
    }
}
