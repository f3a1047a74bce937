namespace ReleaseDashboard.Core.Model;

/// <summary>
/// Everything an environment should be, with every variable, image and hostname resolved: what a plan is made from.
/// It holds secret values in clear, so it is kept in memory only, or encrypted (<see cref="AppliedState"/>).
/// </summary>
public sealed record DesiredState(
    EnvironmentScope Scope,
    IReadOnlyList<DesiredVolume> Volumes,
    IReadOnlyList<DesiredService> Services,
    IReadOnlyList<DesiredJob> Jobs,
    IReadOnlyList<DesiredRoute> Routes,
    IReadOnlyList<Workflow> Workflows);

/// <summary>Who an engine object belongs to; becomes the labels of the contract.</summary>
/// <param name="DeploymentId">Not part of any comparison: an object keeps the deployment that made it.</param>
public sealed record EnvironmentScope(string Environment, string Application, long DeploymentId, long RunId, int Attempt, string Commit);

/// <param name="Name">Name inside the environment.</param>
public sealed record DesiredVolume(string Name, long? SizeBytes);

/// <param name="Image">Reference an engine can start: a built image by digest, others as written.</param>
/// <param name="Built">True when a build of this repository made the image: it is never pulled.</param>
/// <param name="Hash">
/// Changes exactly when an instance has to be replaced: image, command, variables the template asks for, ports, mounts, files,
/// resources. Platform variables that differ with every commit count only where the template refers to them, so that a
/// database is not restarted by a push. Replicas do not count.
/// </param>
public sealed record DesiredService(
    string Name,
    string Image,
    bool Built,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<PortTemplate> Ports,
    ProbeTemplate? Readiness,
    IReadOnlyList<MountTemplate> Mounts,
    IReadOnlyList<DesiredFile> Files,
    ResourceTemplate Resources,
    int Replicas,
    int StopGraceSeconds,
    string Hash)
{
    public bool IsPublic => Ports.Any(p => p.Public);
}

/// <param name="Content">UTF-8 or binary, as in the repository at the commit.</param>
public sealed record DesiredFile(string MountPath, byte[] Content);

public sealed record DesiredJob(
    string Name,
    string Image,
    bool Built,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<MountTemplate> Mounts,
    ResourceTemplate Resources,
    int TimeoutSeconds,
    bool HaltOnError);

/// <summary>A hostname and the service and port behind it.</summary>
/// <param name="Hostname">Complete, lower case, without port: <c>web-shop-ted1bc4.apps.localhost</c>.</param>
public sealed record DesiredRoute(string Hostname, string Service, int TargetPort);
