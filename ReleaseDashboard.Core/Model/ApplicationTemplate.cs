namespace ReleaseDashboard.Core.Model;

/// <summary>The parsed Application Template. Field meanings: docs/template-reference.md.</summary>
public sealed record ApplicationTemplate(
    IReadOnlyList<ServiceTemplate> Services,
    IReadOnlyList<JobTemplate> Jobs,
    IReadOnlyList<Workflow> Workflows,
    IReadOnlyList<HostnameTemplate> Hostnames,
    IReadOnlyList<BuildTemplate> Builds,
    IReadOnlyList<VolumeTemplate> SharedVolumes,
    ResourceTemplate Resources,
    IReadOnlyList<string> EnvironmentTemplates,
    bool AutoDeploy,
    string? TrackingBranch,
    string? Domain)
{
    /// <summary>Inputs asked for when an environment is created: <c>${parameters.name}</c>.</summary>
    public IReadOnlyList<ParameterTemplate> Parameters { get; init; } = [];

    public Workflow? FindWorkflow(string name) => Workflows.FirstOrDefault(w => w.Name == name);
}

public sealed record ServiceTemplate(
    string Name,
    string? Image,
    bool HasRepo,
    BuildTemplate? Build,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Args,
    IReadOnlyList<PortTemplate> Ports,
    IReadOnlyList<VariableEntry> Envs,
    IReadOnlyList<string> DependsOn,
    ProbeTemplate? ReadinessProbe,
    IReadOnlyList<MountTemplate> Volumes,
    IReadOnlyList<ConfigFileTemplate> ConfigFiles,
    ResourceTemplate Resources,
    int? Replicas,
    int? StopGraceSeconds)
{
    /// <summary>Size of the service's own volumes (<c>storage.size</c>), in bytes.</summary>
    public long? StorageBytes { get; init; }
}

/// <param name="Default">Used when nothing is given; null when something must be, unless it is <paramref name="Optional"/>.</param>
public sealed record ParameterTemplate(string Name, string? Description, string? Default, bool Optional);

public sealed record JobTemplate(
    string Name,
    string? FromService,
    string? Image,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Args,
    IReadOnlyList<VariableEntry> Envs,
    IReadOnlyList<MountTemplate> Volumes,
    ResourceTemplate Resources,
    int CompletedTimeoutSeconds,
    bool HaltOnError);

/// <param name="Name">Service name, or the name of a <c>builds</c> entry.</param>
public sealed record BuildTemplate(string Name, string Context, string? Dockerfile, string? Target, IReadOnlyDictionary<string, string> Args);

/// <param name="Public">True for <c>node_port</c>: reachable from outside through its hostname.</param>
/// <param name="Port">Port peers use.</param>
/// <param name="TargetPort">Port the process listens on.</param>
public sealed record PortTemplate(bool Public, int Port, int TargetPort);

/// <summary>Readiness. Exactly one of <see cref="Exec"/>, <see cref="HttpPath"/> and <see cref="TcpPort"/> is used; times in seconds.</summary>
public sealed record ProbeTemplate(
    IReadOnlyList<string>? Exec,
    string? HttpPath,
    int? HttpPort,
    int? TcpPort,
    double PeriodSeconds,
    double TimeoutSeconds,
    int FailureThreshold,
    double InitialDelaySeconds);

/// <param name="Volume">Name of the volume inside the environment.</param>
/// <param name="SharedMemoryBytes">Set for <c>shmem</c>: size of /dev/shm instead of a volume.</param>
public sealed record MountTemplate(string Volume, string MountPath, long? SharedMemoryBytes);

/// <summary>A file of the repository that is placed into the instance, read-only.</summary>
public sealed record ConfigFileTemplate(string Name, string RepositoryPath, string MountPath);

public sealed record VolumeTemplate(string Name, long? SizeBytes);

/// <param name="CpuLimit">Cores.</param>
/// <param name="MemoryLimit">Bytes.</param>
public sealed record ResourceTemplate(double? CpuLimit, double? CpuRequest, long? MemoryLimit, long? MemoryRequest, int? Replicas)
{
    public static readonly ResourceTemplate None = new(null, null, null, null, null);
}

/// <param name="Template">May hold <c>${env_id}</c> and <c>${domain}</c>.</param>
public sealed record HostnameTemplate(string Service, string Template);

public sealed record Workflow(string Name, IReadOnlyList<WorkflowStep> Steps);

/// <param name="Tasks"><c>services.x</c>, <c>services.all</c>, <c>jobs.y</c>, <c>release.remove_environment</c>; all at the same time.</param>
/// <param name="HaltOnError">A failed task ends the workflow; otherwise the failure is recorded and the next step runs.</param>
/// <param name="WaitForFinish">False: start the tasks and go on; the workflow still ends only when they have.</param>
public sealed record WorkflowStep(string Name, IReadOnlyList<string> Tasks, bool HaltOnError, bool WaitForFinish);

/// <summary>The parsed Environment Variables Template.</summary>
/// <param name="Mapping">Own name → platform variable or text with <c>${…}</c>.</param>
/// <param name="Defaults"><c>defaults</c> of an application, <c>envs</c> of an environment.</param>
public sealed record VariablesTemplate(
    IReadOnlyDictionary<string, string> Mapping,
    IReadOnlyList<VariableEntry> Defaults,
    IReadOnlyDictionary<string, IReadOnlyList<VariableEntry>> Services)
{
    public static readonly VariablesTemplate Empty = new(new Dictionary<string, string>(), [], new Dictionary<string, IReadOnlyList<VariableEntry>>());
}

/// <param name="Value">Null for a secret whose stored value is kept.</param>
public sealed record VariableEntry(string Key, string? Value, bool Secret);

/// <summary>One problem of a template, at the place it stands.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Path"><c>services[2].ports[0].type</c>.</param>
/// <param name="Suggestion">Nearest valid key or value.</param>
/// <param name="IsWarning">Saved all the same.</param>
public sealed record TemplateDiagnostic(int Line, int Column, string Path, string Message, string? Suggestion = null, bool IsWarning = false);
