using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Planning;

/// <summary>Why a service has to be replaced, in words. Values of variables are never told: they may be secret.</summary>
internal static class Difference
{
    public static string Between(DesiredService before, DesiredService now)
    {
        var changed = new List<string>();
        if (before.Image != now.Image) changed.Add(now.Built ? "build" : "image");
        if (!before.Command.SequenceEqual(now.Command) || !before.Args.SequenceEqual(now.Args)) changed.Add("command");
        var variables = before.Environment.Keys.Union(now.Environment.Keys)
            .Where(k => !PlatformNames.IsPlatform(k) && before.Environment.GetValueOrDefault(k) != now.Environment.GetValueOrDefault(k))
            .Order(StringComparer.Ordinal).ToList();
        if (variables.Count > 0) changed.Add(variables.Count <= 3 ? $"variables {string.Join(", ", variables)}" : $"{variables.Count} variables");
        if (!before.Ports.SequenceEqual(now.Ports)) changed.Add("ports");
        if (!Same(before.Readiness, now.Readiness)) changed.Add("readiness probe");
        if (!before.Mounts.SequenceEqual(now.Mounts)) changed.Add("volumes");
        if (!before.Files.Select(f => f.MountPath).SequenceEqual(now.Files.Select(f => f.MountPath)) || !before.Files.Zip(now.Files).All(p => p.First.Content.AsSpan().SequenceEqual(p.Second.Content)))
            changed.Add("config files");
        if (before.Resources != now.Resources) changed.Add("resources");
        if (before.StopGraceSeconds != now.StopGraceSeconds) changed.Add("grace period");
        return changed is [] or ["build"] ? "a new build of it is deployed" : $"{string.Join(" and ", changed)} changed";
    }

    private static bool Same(ProbeTemplate? a, ProbeTemplate? b) =>
        a is null || b is null ? a is null && b is null : (a.Exec ?? []).SequenceEqual(b.Exec ?? []) && a with { Exec = null } == b with { Exec = null };
}
