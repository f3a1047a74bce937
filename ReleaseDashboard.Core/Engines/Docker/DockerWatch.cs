using System.Runtime.CompilerServices;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Docker's events → ids of environments in which something changed.</summary>
internal sealed class DockerWatch(DockerEvents events)
{
    private const string OurNetworks = "release-";

    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stream = await events.OpenAsync(["container", "network", "volume"], ["create", "start", "die", "destroy", "pause", "unpause"], [], cancellationToken);
        yield return "";
        await foreach (var happened in stream.ReadAllAsync(cancellationToken))
        {
            if (Environment(happened) is { } environment) yield return environment;
        }

        throw new EngineUnavailableException("Docker ended its stream of events: it is stopping or restarting. The dashboard goes on when it is back.");
    }

    /// <summary>Null for what is not ours. Events of networks and volumes carry a name and no labels; a volume's name does not tell where the environment's id ends.</summary>
    internal static string? Environment(DockerEvent happened) => happened.Type switch
    {
        "container" => happened.Attribute(DockerLabels.Environment),
        "network" when happened.Attribute("name") is { } name && name.StartsWith(OurNetworks, StringComparison.Ordinal) => name[OurNetworks.Length..],
        "volume" when happened.Id.StartsWith(OurNetworks, StringComparison.Ordinal) => "",
        _ => null,
    };
}
