using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Reads, by label, what there is of environments. Changes nothing.</summary>
internal sealed class DockerObserver(DockerConnection docker, DockerContainers containers, ReadinessMemory memory)
{
    private const int ParallelCalls = 8;

    public async Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken)
    {
        var states = await QueryAsync(DockerLabels.Is(DockerLabels.Environment, environment), cancellationToken);
        return states.FirstOrDefault(s => s.Environment == environment) ?? ObservedState.Nothing(environment);
    }

    public Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken) => QueryAsync(DockerLabels.Environment, cancellationToken);

    private async Task<IReadOnlyList<ObservedState>> QueryAsync(string label, CancellationToken cancellationToken)
    {
        var filters = DockerLabels.Filter(label);
        var listing = containers.ListAsync(cancellationToken, label);
        var networking = docker.CallAsync(client => client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filters }, cancellationToken), cancellationToken);
        var storing = docker.CallAsync(client => client.Volumes.ListAsync(new VolumesListParameters { Filters = filters }, cancellationToken), cancellationToken);
        await Task.WhenAll(listing, networking, storing);

        var spaces = (await networking).Where(n => n.Labels is not null).ToLookup(n => n.Labels[DockerLabels.Environment]);
        var volumes = ((await storing).Volumes ?? []).Where(v => v.Labels is not null).ToLookup(v => v.Labels[DockerLabels.Environment]);
        var found = (await listing).ToLookup(c => DockerView.Label(c, DockerLabels.Environment)!);
        var seen = await InspectAsync(found.SelectMany(c => c), cancellationToken);

        return
        [
            .. from environment in found.Select(g => g.Key).Concat(spaces.Select(g => g.Key)).Concat(volumes.Select(g => g.Key)).Distinct().Order(StringComparer.Ordinal)
               select new ObservedState(
                   environment,
                   Application(found[environment].Select(c => c.Labels), spaces[environment].Select(n => n.Labels), volumes[environment].Select(v => v.Labels)),
                   spaces[environment].Any(),
                   [.. volumes[environment].Select(v => v.Labels.TryGetValue(DockerLabels.Volume, out var name) ? name : v.Name).Order(StringComparer.Ordinal)],
                   [.. from c in found[environment] where DockerView.Label(c, DockerLabels.Service) is not null && seen.ContainsKey(c.ID) orderby DockerView.Name(c) select DockerView.Instance(seen[c.ID].Container, seen[c.ID].Ready)],
                   [.. from c in found[environment] where DockerView.Label(c, DockerLabels.Job) is not null && seen.ContainsKey(c.ID) orderby DockerView.Name(c) select DockerView.Job(c, seen[c.ID].Container)]),
        ];
    }

    /// <summary>Details of each container; one that went away meanwhile is left out.</summary>
    private async Task<Dictionary<string, (ContainerInspectResponse Container, bool Ready)>> InspectAsync(IEnumerable<ContainerListResponse> found, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, (ContainerInspectResponse, bool)>();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls, CancellationToken = cancellationToken }, async (container, token) =>
        {
            if (await containers.InspectAsync(container.ID, token) is not { } detail) return;
            var ready = DockerView.Label(container, DockerLabels.Service) is not null && await memory.ObserveAsync(detail, token);
            lock (seen) seen[container.ID] = (detail, ready);
        });
        return seen;
    }

    private static string? Application(params IEnumerable<IEnumerable<IDictionary<string, string>?>> labels) =>
        labels.SelectMany(l => l).Select(l => l is not null && l.TryGetValue(DockerLabels.Application, out var name) ? name : null).FirstOrDefault(name => name is not null);
}
