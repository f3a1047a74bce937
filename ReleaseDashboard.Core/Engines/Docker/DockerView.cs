using System.Globalization;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Pure: what Docker lists and inspects → what the rest of the house speaks of.</summary>
internal static class DockerView
{
    /// <summary>From the list alone: without restarts, exit code and start time. Good for what is about to go.</summary>
    public static ObservedInstance Instance(ContainerListResponse container)
    {
        var status = Status(container.State);
        return Instance(container.ID, Name(container), container.Labels!, status, ready: false, restarts: 0, exitCode: null, startedAt: null, status == InstanceStatus.Running ? Endpoints(container) : []);
    }

    public static ObservedInstance Instance(ContainerInspectResponse container, bool ready)
    {
        var status = Status(container.State?.Status);
        return Instance(
            container.ID,
            container.Name.TrimStart('/'),
            container.Config!.Labels!,
            status,
            ready && status == InstanceStatus.Running,
            (int)container.RestartCount,
            status == InstanceStatus.Exited ? (int?)container.State?.ExitCode : null,
            StartedAt(container),
            status == InstanceStatus.Running ? Endpoints(container) : []);
    }

    public static ObservedJob Job(ContainerListResponse container, ContainerInspectResponse? detail)
    {
        var labels = container.Labels!;
        var run = labels.TryGetValue(DockerLabels.Run, out var written) && long.TryParse(written, CultureInfo.InvariantCulture, out var id) ? id : 0;
        var running = Status(detail?.State?.Status ?? container.State) != InstanceStatus.Exited;
        var task = labels.TryGetValue(DockerLabels.Task, out var name) ? name : "";
        return new ObservedJob(container.ID, labels[DockerLabels.Job], JobKey.Of(run, task), running, running ? null : (int?)detail?.State?.ExitCode);
    }

    public static string Name(ContainerListResponse container) => container.Names is [var name, ..] ? name.TrimStart('/') : container.ID;

    public static string? Label(ContainerListResponse container, string label) => container.Labels is { } labels && labels.TryGetValue(label, out var value) ? value : null;

    public static InstanceStatus Status(string? word) => word switch
    {
        "created" => InstanceStatus.Created,
        "running" => InstanceStatus.Running,
        "restarting" => InstanceStatus.Restarting,
        "paused" => InstanceStatus.Paused,
        _ => InstanceStatus.Exited,
    };

    /// <summary>Null before the first start, which Docker writes as year 1.</summary>
    public static DateTimeOffset? StartedAt(ContainerInspectResponse? detail) => Time(detail?.State?.StartedAt);

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    /// <summary>The container's own address in its environment's network.</summary>
    public static string? Address(ContainerInspectResponse detail) =>
        detail.NetworkSettings?.Networks?.Values.Select(n => n.IPAddress).FirstOrDefault(ip => !string.IsNullOrEmpty(ip));

    public static IReadOnlyList<InstanceEndpoint> Endpoints(ContainerInspectResponse detail) =>
    [
        .. from port in detail.NetworkSettings?.Ports ?? new Dictionary<string, IList<PortBinding>>()
           where port.Value is { Count: > 0 }
           let binding = port.Value[0]
           orderby Number(port.Key)
           select new InstanceEndpoint(Number(port.Key), Host(binding.HostIP), Number(binding.HostPort)),
    ];

    private static IReadOnlyList<InstanceEndpoint> Endpoints(ContainerListResponse container) =>
    [
        .. from port in container.Ports ?? []
           where port.PublicPort is > 0
           orderby port.PrivatePort
           select new InstanceEndpoint(port.PrivatePort, Host(port.IP), port.PublicPort!.Value),
    ];

    private static ObservedInstance Instance(
        string id, string name, IDictionary<string, string> labels, InstanceStatus status, bool ready, int restarts, int? exitCode, DateTimeOffset? startedAt, IReadOnlyList<InstanceEndpoint> endpoints) =>
        new(id, name, Value(labels, DockerLabels.Service), Value(labels, DockerLabels.Hash), status, ready, restarts, Value(labels, DockerLabels.Commit), exitCode, startedAt, endpoints);

    private static string Value(IDictionary<string, string> labels, string label) => labels.TryGetValue(label, out var value) ? value : "";

    private static string Host(string? ip) => string.IsNullOrEmpty(ip) || ip is "0.0.0.0" or "::" ? "127.0.0.1" : ip;

    private static int Number(string? port) => int.Parse((port ?? "0").Split('/')[0], CultureInfo.InvariantCulture);
}
