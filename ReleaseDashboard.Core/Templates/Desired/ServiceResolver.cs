using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates.Desired;

/// <summary>Template → desired, for services and jobs.</summary>
internal sealed class ServiceResolver
{
    private const int DefaultGraceSeconds = 10;
    private const string Varying = "<changes with every commit>";

    private readonly DesiredInput _input;
    private readonly IReadOnlyDictionary<string, string> _platform;
    private readonly IReadOnlyDictionary<string, string> _steady;
    private readonly IReadOnlyDictionary<string, string?> _parameters;
    private readonly Problems _problems;

    public ServiceResolver(DesiredInput input, IReadOnlyDictionary<string, string> platform, Problems problems)
    {
        _input = input;
        _platform = platform;
        _problems = problems;
        _steady = platform.ToDictionary(v => v.Key, v => PlatformVariables.ChangesWithCommit(v.Key) ? Varying : v.Value, StringComparer.Ordinal);
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var parameter in input.Template.Parameters)
        {
            var value = input.Parameters.TryGetValue(parameter.Name, out var given) ? given : parameter.Default;
            if (value is not null || parameter.Optional) parameters[parameter.Name] = value;
        }
        _parameters = parameters;
    }

    public DesiredService? Service(ServiceTemplate service)
    {
        if (Image(service.Image, service.HasRepo, service.Name) is not { } image) return null;
        var variables = Variables(service, _platform, _problems.Error);
        var desired = new DesiredService(
            service.Name, image.Reference, image.Built, service.Command, service.Args,
            variables.Resolve(), service.Ports, service.ReadinessProbe, service.Volumes, Files(service),
            Resources(service.Resources, _input.Template.Resources),
            service.Replicas ?? _input.Template.Resources.Replicas ?? 1,
            service.StopGraceSeconds ?? DefaultGraceSeconds,
            Hash: "");
        return desired with { Hash = ServiceHash.Of(desired, image.Identity, CountedVariables(service, desired.Environment, [.. variables.Named])) };
    }

    public DesiredJob? Job(JobTemplate job)
    {
        var from = _input.Template.Services.FirstOrDefault(s => s.Name == job.FromService);
        if ((from is null ? Image(job.Image, hasRepository: false, job.Name) : Image(from.Image, from.HasRepo, from.Name)) is not { } image) return null;
        var variables = (from is null ? Common(_platform, _problems.Error) : Variables(from, _platform, _problems.Error)).Set(job.Envs, $"jobs.{job.Name}.envs");
        var inherited = from is null ? _input.Template.Resources : Resources(from.Resources, _input.Template.Resources);
        return new DesiredJob(
            job.Name, image.Reference, image.Built, job.Command, job.Args, variables.Resolve(),
            job.Volumes.Count > 0 || from is null ? job.Volumes : from.Volumes,
            Resources(job.Resources, inherited), job.CompletedTimeoutSeconds, job.HaltOnError);
    }

    /// <summary>
    /// The variables that count for <see cref="DesiredService.Hash"/>. A service of this repository: those somebody named, and of the platform's those that
    /// do not change with the commit. Any other service: those somebody named, with what changes with the commit held still.
    /// </summary>
    private IEnumerable<KeyValuePair<string, string>> CountedVariables(ServiceTemplate service, IReadOnlyDictionary<string, string> resolved, HashSet<string> named)
    {
        if (service.HasRepo) return resolved.Where(v => named.Contains(v.Key) || !PlatformVariables.ChangesWithCommit(v.Key));
        return Variables(service, _steady, (_, _) => { }).Resolve().Where(v => named.Contains(v.Key));
    }

    private VariableResolver Common(IReadOnlyDictionary<string, string> platform, Action<string, string> error) =>
        new VariableResolver(platform, _parameters, error).Map(_input.Variables.Mapping).Set(_input.Variables.Defaults, "envs");

    private VariableResolver Variables(ServiceTemplate service, IReadOnlyDictionary<string, string> platform, Action<string, string> error)
    {
        var resolver = Common(platform, error);
        if (_input.Variables.Services.TryGetValue(service.Name, out var own)) resolver.Set(own, $"services.{service.Name}");
        return resolver.Set(service.Envs, $"services.{service.Name}.envs");
    }

    private (string Reference, string Identity, bool Built)? Image(string? written, bool hasRepository, string owner)
    {
        var name = BuildSpecs.WithoutTag(written ?? $"{_input.Scope.Application}/{owner}");
        var built = _input.Images.FirstOrDefault(i => i.Name == name);
        if (built is not null && (hasRepository || written == name)) return (built.Reference, built.Digest.Length > 0 ? built.Digest : built.Reference, true);
        if (!hasRepository && written is not null) return (written, written, false);
        _problems.Error($"services.{owner}.image", $"The image {name} of {owner} is built from this repository (has_repo), but build {_input.BuildId} has no such image. Rebuild the commit, or check the service's image and build.");
        return null;
    }

    private List<DesiredFile> Files(ServiceTemplate service)
    {
        var files = new List<DesiredFile>();
        foreach (var file in service.ConfigFiles)
        {
            if (_input.Files.TryGetValue(file.RepositoryPath, out var content)) files.Add(new DesiredFile(file.MountPath, content));
            else _problems.Error($"services.{service.Name}.configmap", $"The file {file.RepositoryPath}, which {service.Name} mounts at {file.MountPath}, is not in commit {Short(_input.Scope.Commit)}.");
        }
        return files;
    }

    /// <summary>A default request never exceeds the own limit.</summary>
    private static ResourceTemplate Resources(ResourceTemplate own, ResourceTemplate fallback)
    {
        var cpu = own.CpuLimit ?? (own.CpuRequest > fallback.CpuLimit ? own.CpuRequest : fallback.CpuLimit);
        var memory = own.MemoryLimit ?? (own.MemoryRequest > fallback.MemoryLimit ? own.MemoryRequest : fallback.MemoryLimit);
        var cpuRequest = own.CpuRequest ?? fallback.CpuRequest;
        var memoryRequest = own.MemoryRequest ?? fallback.MemoryRequest;
        return new ResourceTemplate(cpu, cpuRequest > cpu ? cpu : cpuRequest, memory, memoryRequest > memory ? memory : memoryRequest, null);
    }

    private static string Short(string commit) => commit.Length > 7 ? commit[..7] : commit;
}
