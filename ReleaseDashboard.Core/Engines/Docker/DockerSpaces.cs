using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Networks and volumes of environments.</summary>
internal sealed class DockerSpaces(DockerConnection docker)
{
    public async Task<bool> EnsureNetworkAsync(EnvironmentScope scope, CancellationToken cancellationToken)
    {
        var wanted = DockerSpec.Network(scope);
        if (await docker.FindAsync(client => client.Networks.InspectNetworkAsync(wanted.Name, cancellationToken), cancellationToken) is { } found)
        {
            return found.Labels is { } labels && labels.TryGetValue(DockerLabels.Environment, out var owner) && owner == scope.Environment
                ? false
                : throw Foreign("network", wanted.Name);
        }

        try
        {
            // The typed client has no CheckDuplicate, without which engines before 25 make a second network of the same name.
            var body = new { wanted.Name, CheckDuplicate = true, wanted.Driver, wanted.Labels };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/networks/create") { Content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json") };
            using var answer = await docker.SendAsync(request, cancellationToken);
            return true;
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
        catch (EngineException problem) when (problem.Message.Contains("address pool", StringComparison.Ordinal))
        {
            throw new EngineException("Docker has no address range left for another network: every environment needs one.", problem)
            {
                Suggestion = "Delete environments that are not needed, or give Docker more ranges (`default-address-pools` in /etc/docker/daemon.json).",
            };
        }
    }

    public async Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken)
    {
        var wanted = DockerSpec.Volume(scope, volume);
        if (await docker.FindAsync(client => client.Volumes.InspectAsync(wanted.Name!, cancellationToken), cancellationToken) is { } found)
        {
            return found.Labels is { } labels && labels.TryGetValue(DockerLabels.Environment, out var owner) && owner == scope.Environment
                ? false
                : throw Foreign("volume", wanted.Name!);
        }

        await docker.CallAsync(client => client.Volumes.CreateAsync(wanted, cancellationToken), cancellationToken);
        return true;
    }

    private static EngineException Foreign(string kind, string name) => new($"A {kind} named {name} already exists and is not this environment's.")
    {
        Suggestion = $"Look at it (`docker {kind} inspect {name}`), rename or remove it, then run setup again.",
    };
}
