using System.Security.Cryptography;
using System.Text.Json;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Which images a template asks to be built, and how.</summary>
public static class BuildSpecs
{
    private const string DefaultDockerfile = "Dockerfile";

    /// <summary>
    /// One entry for each image: services that name the same image share it, and the one with a <c>build</c> (or the <c>builds</c> entry named like the
    /// image's last part) says how it is made. Services come first, in the template's order.
    /// </summary>
    /// <param name="application">Name of the application: the image name of what has none of its own.</param>
    public static IReadOnlyList<BuildSpec> From(ApplicationTemplate template, string application)
    {
        var specs = new List<BuildSpec>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in template.Services.Where(s => s.HasRepo).GroupBy(s => ImageName(s, application)))
        {
            var owner = group.FirstOrDefault(s => s.Build is not null) ?? group.First();
            var named = template.Builds.FirstOrDefault(b => b.Name == LastPart(group.Key));
            var build = owner.Build ?? named ?? new BuildTemplate(owner.Name, ".", null, null, new Dictionary<string, string>());
            if (owner.Build is null && named is not null) used.Add(named.Name);
            specs.Add(Spec(owner.Build is null && named is not null ? named.Name : owner.Name, group.Key, build));
        }
        foreach (var build in template.Builds.Where(b => !used.Contains(b.Name))) specs.Add(Spec(build.Name, $"{application}/{build.Name}", build));
        return specs;
    }

    /// <summary>Identity of a set of instructions: 64 hex digits. Order does not matter.</summary>
    public static string Hash(IReadOnlyList<BuildSpec> specs)
    {
        var canonical = specs
            .OrderBy(s => s.Image, StringComparer.Ordinal)
            .ThenBy(s => s.Service, StringComparer.Ordinal)
            .Select(s => new object?[]
            {
                s.Service, s.Image, s.Context, s.Dockerfile, s.DockerfileFromRoot, s.Target,
                s.Args.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new[] { a.Key, a.Value }).ToArray(),
            });
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical)));
    }

    /// <summary>The name by which a service's image is found among those built.</summary>
    internal static string ImageName(ServiceTemplate service, string application) => WithoutTag(service.Image ?? $"{application}/{service.Name}");

    internal static string WithoutTag(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0) image = image[..at];
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[..colon] : image;
    }

    private static string LastPart(string image) => image[(image.LastIndexOf('/') + 1)..];

    private static BuildSpec Spec(string service, string image, BuildTemplate build)
    {
        var dockerfile = build.Dockerfile ?? DefaultDockerfile;
        var fromContext = BuildPaths.Join(build.Context, dockerfile);
        var fromRoot = BuildPaths.Normalize(dockerfile);
        return new BuildSpec(service, image, build.Context, fromContext ?? fromRoot ?? DefaultDockerfile, build.Target, build.Args)
        {
            DockerfileFromRoot = build.Dockerfile is null || fromRoot == fromContext ? null : fromRoot,
        };
    }
}
