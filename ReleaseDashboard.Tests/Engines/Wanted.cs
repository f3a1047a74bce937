using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Engines;

/// <summary>Desired services and jobs, with everything a test does not care about filled in.</summary>
internal static class Wanted
{
    public static DesiredService Service(string name, string image, string hash, IReadOnlyList<string> command, ProbeTemplate? probe, int replicas = 1, string? volume = null, bool isPublic = true) => new(
        name,
        image,
        true,
        command,
        [],
        new Dictionary<string, string>(),
        [new PortTemplate(isPublic, 8080, 8080)],
        probe,
        volume is null ? [] : [new MountTemplate(volume, "/data", null)],
        [],
        ResourceTemplate.None,
        replicas,
        5,
        hash);

    public static DesiredJob Job(string name, string image, IReadOnlyList<string> command, int timeoutSeconds = 60, string? volume = null) => new(
        name,
        image,
        true,
        command,
        [],
        new Dictionary<string, string>(),
        volume is null ? [] : [new MountTemplate(volume, "/data", null)],
        ResourceTemplate.None,
        timeoutSeconds,
        true);

    public static ProbeTemplate Tcp(int port = 8080, double period = 1, int threshold = 30) => new(null, null, null, port, period, 1, threshold, 0);

    public static ProbeTemplate Http(string path, int port = 8080, double period = 1, int threshold = 30) => new(null, path, port, null, period, 1, threshold, 0);

    public static ProbeTemplate Exec(params string[] command) => new(command, null, null, null, 1, 2, 30, 0);
}
