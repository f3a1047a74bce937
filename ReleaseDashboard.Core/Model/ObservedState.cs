namespace ReleaseDashboard.Core.Model;

/// <summary>What an engine has of one environment. Read by label, so that it also shows what nobody remembers.</summary>
/// <param name="HasSpace">The environment's network (Docker) or namespace (Kubernetes) exists.</param>
/// <param name="Volumes">Names inside the environment.</param>
public sealed record ObservedState(
    string Environment,
    string? Application,
    bool HasSpace,
    IReadOnlyList<string> Volumes,
    IReadOnlyList<ObservedInstance> Instances,
    IReadOnlyList<ObservedJob> Jobs)
{
    public static ObservedState Nothing(string environment) => new(environment, null, false, [], [], []);

    public bool IsEmpty => !HasSpace && Volumes.Count == 0 && Instances.Count == 0 && Jobs.Count == 0;
}

/// <summary>One running (or dead) copy of a service.</summary>
/// <param name="Id">The engine's own id: container id, pod name.</param>
/// <param name="Name">Readable name, unique inside the engine.</param>
/// <param name="Hash"><see cref="DesiredService.Hash"/> it was started with.</param>
/// <param name="Ready">Last known readiness. A running instance without a probe is ready.</param>
/// <param name="Endpoints">Where the dashboard's own process reaches it.</param>
public sealed record ObservedInstance(
    string Id,
    string Name,
    string Service,
    string Hash,
    InstanceStatus Status,
    bool Ready,
    int Restarts,
    string Commit,
    int? ExitCode,
    DateTimeOffset? StartedAt,
    IReadOnlyList<InstanceEndpoint> Endpoints);

/// <param name="TargetPort">Port inside the instance.</param>
/// <param name="Address">Host the dashboard connects to.</param>
public sealed record InstanceEndpoint(int TargetPort, string Address, int Port);

/// <param name="Key">The run and task it belongs to: see <c>JobKey</c> on the engine interface.</param>
public sealed record ObservedJob(string Id, string Name, string Key, bool Running, int? ExitCode);

/// <summary>One reading of an instance's use.</summary>
/// <param name="CpuCores">Cores used, averaged since the last reading.</param>
public sealed record InstanceUsage(string InstanceId, double CpuCores, long MemoryBytes, long? MemoryLimitBytes);
