using System.Text.Json;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Pure: what is desired → what Docker is asked for. No call is made here, so that every rule can be tested by looking at the request.</summary>
internal static class DockerSpec
{
    public static NetworksCreateParameters Network(EnvironmentScope scope) => new()
    {
        Name = DockerNames.Network(scope.Environment),
        Driver = "bridge",
        Labels = DockerLabels.Of(scope),
    };

    public static VolumesCreateParameters Volume(EnvironmentScope scope, DesiredVolume volume) =>
        new() { Name = DockerNames.Volume(scope.Environment, volume.Name), Labels = VolumeLabels(scope, volume.Name) };

    /// <param name="index">1-based number of the instance among those with the same hash.</param>
    /// <param name="publishProbePort">The daemon is not on this machine's network: the probe needs a published port too.</param>
    public static CreateContainerParameters Instance(EnvironmentScope scope, DesiredService service, int index, bool publishProbePort)
    {
        var request = Container(scope, service.Image, service.Command, service.Args, service.Environment, service.Mounts, service.Resources, service.Name);
        request.Name = DockerNames.Instance(scope.Environment, service.Name, service.Hash, index);
        request.StopTimeout = TimeSpan.FromSeconds(service.StopGraceSeconds);
        var labels = request.Labels!;
        labels[DockerLabels.Service] = service.Name;
        labels[DockerLabels.Hash] = service.Hash;
        labels[DockerLabels.Index] = index.ToString();
        var probe = Probe(service);
        if (probe is not null) labels[DockerLabels.Probe] = JsonSerializer.Serialize(probe);

        var published = service.Ports.Where(p => p.Public).Select(p => p.TargetPort).ToHashSet();
        if (publishProbePort && (probe?.HttpPort ?? probe?.TcpPort) is { } probed) published.Add(probed);
        request.ExposedPorts = service.Ports.Select(p => p.TargetPort).Union(published).ToDictionary(Tcp, _ => default(EmptyStruct));
        // Loopback only: the way in from outside is the dashboard's proxy. An empty host port lets the engine choose a free one.
        request.HostConfig!.PortBindings = published.ToDictionary(Tcp, IList<PortBinding> (_) => [new PortBinding { HostIP = "127.0.0.1", HostPort = "" }]);
        request.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped };
        return request;
    }

    public static CreateContainerParameters Job(EnvironmentScope scope, DesiredJob job, string task)
    {
        var request = Container(scope, job.Image, job.Command, job.Args, job.Environment, job.Mounts, job.Resources, alias: null);
        request.Name = DockerNames.Job(scope.Environment, job.Name, scope.RunId, task);
        request.StopTimeout = TimeSpan.FromSeconds(2);
        request.Labels![DockerLabels.Job] = job.Name;
        request.Labels[DockerLabels.Task] = task;
        request.HostConfig!.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No };
        // Never rotated, whatever the daemon's default options, which would be merged into absent ones: after a crash the output is read again from its first line.
        request.HostConfig.LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-file"] = "2", ["max-size"] = "1000000g" } };
        return request;
    }

    /// <summary>The probe with its port spelled out: an HTTP probe without one asks the public port, else the first.</summary>
    public static ProbeTemplate? Probe(DesiredService service) => service.Readiness is { HttpPath: not null, HttpPort: null } probe
        ? probe with { HttpPort = service.Ports.OrderByDescending(p => p.Public).Select(p => p.TargetPort).FirstOrDefault(80) }
        : service.Readiness;

    private static CreateContainerParameters Container(
        EnvironmentScope scope,
        string image,
        IReadOnlyList<string> command,
        IReadOnlyList<string> args,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<MountTemplate> mounts,
        ResourceTemplate resources,
        string? alias)
    {
        var network = DockerNames.Network(scope.Environment);
        return new CreateContainerParameters
        {
            Image = image,
            // Absent, not empty: then the image's own count.
            Entrypoint = command.Count > 0 ? [.. command] : null!,
            Cmd = args.Count > 0 ? [.. args] : null!,
            Env = [.. environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={e.Value}")],
            Labels = DockerLabels.Of(scope),
            HostConfig = new HostConfig
            {
                NetworkMode = network,
                // An init process passes signals on, so that a stop takes milliseconds and not the ten seconds until a kill.
                Init = true,
                Mounts = [.. mounts.Where(m => m.SharedMemoryBytes is null).Select(m => Mount(scope, m))],
                ShmSize = mounts.FirstOrDefault(m => m.SharedMemoryBytes is not null)?.SharedMemoryBytes ?? 0,
                NanoCPUs = (long)((resources.CpuLimit ?? 0) * 1_000_000_000),
                Memory = resources.MemoryLimit ?? 0,
                MemoryReservation = resources.MemoryRequest is { } request && request < (resources.MemoryLimit ?? long.MaxValue) ? request : 0,
                CPUShares = resources.CpuRequest is { } cores ? Math.Max(2, (long)(cores * 1024)) : 0,
            },
            NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() { Aliases = alias is null ? [] : [alias] } },
            },
        };
    }

    /// <summary>Docker makes a volume that is missing. The labels are for that one: without them its environment's removal would not find it.</summary>
    private static Mount Mount(EnvironmentScope scope, MountTemplate mount) => new()
    {
        Type = "volume",
        Source = DockerNames.Volume(scope.Environment, mount.Volume),
        Target = mount.MountPath,
        VolumeOptions = new VolumeOptions { Labels = VolumeLabels(scope, mount.Volume) },
    };

    private static Dictionary<string, string> VolumeLabels(EnvironmentScope scope, string volume)
    {
        var labels = DockerLabels.Of(scope);
        labels[DockerLabels.Volume] = volume;
        return labels;
    }

    private static string Tcp(int port) => $"{port}/tcp";
}
