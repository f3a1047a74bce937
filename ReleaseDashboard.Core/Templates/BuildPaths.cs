using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Templates;

/// <summary>Paths of build instructions. All with <c>/</c>, relative to the repository's root.</summary>
public static class BuildPaths
{
    /// <summary>
    /// Where the Dockerfile may stand in the repository, in the order to look: relative to the context (as <c>docker build</c> users write it beside a
    /// context), then relative to the root (as Release's generator writes it).
    /// </summary>
    public static IReadOnlyList<string> DockerfileCandidates(BuildSpec spec) =>
        spec.DockerfileFromRoot is null || spec.DockerfileFromRoot == spec.Dockerfile ? [spec.Dockerfile] : [spec.Dockerfile, spec.DockerfileFromRoot];

    /// <summary>A repository path as it is called inside the tar of the context; null when it stands outside of the context, so the builder has to add it.</summary>
    public static string? InContext(BuildSpec spec, string repositoryPath)
    {
        if (spec.Context == ".") return repositoryPath;
        return repositoryPath.StartsWith(spec.Context + "/", StringComparison.Ordinal) ? repositoryPath[(spec.Context.Length + 1)..] : null;
    }

    /// <summary><c>./a//b/../c/</c> → <c>a/c</c>; <c>.</c> for the root; null for a path that is absolute or leaves the repository.</summary>
    internal static string? Normalize(string path)
    {
        if (path.StartsWith('/') || path.Contains('\\', StringComparison.Ordinal) || path.Any(char.IsControl)) return null;
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count == 0) return null;
            else parts.RemoveAt(parts.Count - 1);
        }
        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>Null when it leaves the repository.</summary>
    internal static string? Join(string context, string path) => path.StartsWith('/') ? null : Normalize(context == "." ? path : $"{context}/{path}");
}
