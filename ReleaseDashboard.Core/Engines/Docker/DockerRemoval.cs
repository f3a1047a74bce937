using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Removes everything of an environment, by label, and asks afterwards what is left.</summary>
internal sealed class DockerRemoval(DockerConnection docker, DockerContainers containers, ReadinessMemory memory, TimeProvider clock)
{
    /// <summary>Docker lets go of a volume or a network a moment after the container that used it.</summary>
    private const int Rounds = 5;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(300);

    public async Task<Receipt> RemoveAsync(string environment, IEngineOutput output, CancellationToken cancellationToken)
    {
        var removed = new List<ReceiptItem>();
        for (var round = 1; ; round++)
        {
            var left = await ListAsync(environment, cancellationToken);
            if (left.Count == 0 || round > Rounds) return new Receipt([.. removed.Distinct()], left.Count);
            if (round > 1) await Task.Delay(BetweenRounds, clock, cancellationToken);

            var gone = await Task.WhenAll(left.Containers.Select(c => RemoveAsync(c, cancellationToken)));
            gone = [.. gone, .. await Task.WhenAll(left.Volumes.Select(v => RemoveAsync(v, cancellationToken)).Concat(left.Networks.Select(n => RemoveAsync(n, cancellationToken))))];
            foreach (var (item, refusal) in gone)
            {
                await output.WriteAsync(refusal is null ? LogSource.Sys : LogSource.Err, refusal is null ? $"removed {item.Kind} {item.Name}" : $"{item.Kind} {item.Name} is still there: {refusal}", cancellationToken);
                if (refusal is null) removed.Add(item);
            }
        }
    }

    private async Task<Objects> ListAsync(string environment, CancellationToken cancellationToken)
    {
        var label = DockerLabels.Is(DockerLabels.Environment, environment);
        var filters = DockerLabels.Filter(label);
        var found = containers.ListAsync(cancellationToken, label);
        var volumes = docker.CallAsync(client => client.Volumes.ListAsync(new VolumesListParameters { Filters = filters }, cancellationToken), cancellationToken);
        var networks = docker.CallAsync(client => client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filters }, cancellationToken), cancellationToken);
        await Task.WhenAll(found, volumes, networks);
        return new Objects(await found, (await volumes).Volumes ?? [], await networks);
    }

    private async Task<Removed> RemoveAsync(ContainerListResponse container, CancellationToken cancellationToken)
    {
        var job = DockerView.Label(container, DockerLabels.Job) is not null;
        var removed = await TryAsync(new ReceiptItem(ReceiptAction.Removed, job ? "job" : "instance", DockerView.Name(container)), () => containers.RemoveAsync(container.ID, cancellationToken));
        memory.Forget(container.ID);
        return removed;
    }

    private Task<Removed> RemoveAsync(VolumeResponse volume, CancellationToken cancellationToken) => TryAsync(
        new ReceiptItem(ReceiptAction.Removed, "volume", volume.Name),
        () => docker.CallAsync(client => client.Volumes.RemoveAsync(volume.Name, true, cancellationToken), cancellationToken));

    private Task<Removed> RemoveAsync(NetworkResponse network, CancellationToken cancellationToken) => TryAsync(
        new ReceiptItem(ReceiptAction.Removed, "network", network.Name),
        async () =>
        {
            // Somebody may have connected a container of their own: it loses this network and goes on.
            var guests = await docker.FindAsync(client => client.Networks.InspectNetworkAsync(network.ID, cancellationToken), cancellationToken);
            foreach (var guest in guests?.Containers?.Keys ?? [])
                await docker.CallAsync(client => client.Networks.DisconnectNetworkAsync(network.ID, new NetworkDisconnectParameters { Container = guest, Force = true }, cancellationToken), cancellationToken);
            await docker.CallAsync(client => client.Networks.DeleteNetworkAsync(network.ID, cancellationToken), cancellationToken);
        });

    private static async Task<Removed> TryAsync(ReceiptItem item, Func<Task> remove)
    {
        try
        {
            await remove();
            return new Removed(item, null);
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            return new Removed(item, null);
        }
        catch (DockerApiException problem)
        {
            return new Removed(item, DockerConnection.Words(problem));
        }
        catch (EngineException problem)
        {
            return new Removed(item, problem.Message);
        }
    }

    private sealed record Objects(IList<ContainerListResponse> Containers, IList<VolumeResponse> Volumes, IList<NetworkResponse> Networks)
    {
        public int Count => Containers.Count + Volumes.Count + Networks.Count;
    }

    /// <param name="Refusal">Docker's words when it is still there.</param>
    private readonly record struct Removed(ReceiptItem Item, string? Refusal);
}
