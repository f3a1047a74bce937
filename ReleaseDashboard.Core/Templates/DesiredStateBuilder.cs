using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Templates.Desired;

namespace ReleaseDashboard.Core.Templates;

/// <summary>
/// Resolves a configuration for one commit: images, variables, hostnames, volumes, files, workflows. Pure. What cannot be resolved (an
/// unknown <c>${NAME}</c>, an image that was not built, a file that is not in the commit) is an error that names it; such diagnostics carry
/// a path but stand at line 1, because texts are no part of the input.
/// </summary>
public static class DesiredStateBuilder
{
    public static Parsed<DesiredState> Build(DesiredInput input)
    {
        var problems = new Problems();
        var routes = Hostnames.Routes(input, problems.Error);
        foreach (var name in input.Variables.Services.Keys.Where(n => input.Template.Services.All(s => s.Name != n)))
            problems.Warning($"services.{name}", $"The variables name a service {name} that the template does not have.");

        var services = new ServiceResolver(input, PlatformVariables.For(input, routes), problems);
        var desired = new DesiredState(
            input.Scope,
            Volumes(input.Template),
            [.. input.Template.Services.Select(services.Service).OfType<DesiredService>()],
            [.. input.Template.Jobs.Select(services.Job).OfType<DesiredJob>()],
            routes,
            WorkflowExpander.Expand(input.Template));
        return problems.Result(desired);
    }

    /// <summary>Repository paths of the files that <see cref="DesiredInput.Files"/> must hold.</summary>
    public static IReadOnlyList<string> FilesNeeded(ApplicationTemplate template) =>
        [.. template.Services.SelectMany(s => s.ConfigFiles).Select(f => f.RepositoryPath).Distinct(StringComparer.Ordinal)];

    /// <summary>Shared volumes, then each service's and job's own in the order they are mounted.</summary>
    private static List<DesiredVolume> Volumes(ApplicationTemplate template)
    {
        var volumes = template.SharedVolumes.Select(v => new DesiredVolume(v.Name, v.SizeBytes)).ToList();
        var own = template.Services.SelectMany(s => s.Volumes.Select(m => (Mount: m, s.StorageBytes)))
            .Concat(template.Jobs.SelectMany(j => j.Volumes.Select(m => (Mount: m, StorageBytes: (long?)null))));
        foreach (var (mount, size) in own.Where(o => o.Mount.SharedMemoryBytes is null))
        {
            if (volumes.All(v => v.Name != mount.Volume)) volumes.Add(new DesiredVolume(mount.Volume, size));
        }
        return volumes;
    }
}
