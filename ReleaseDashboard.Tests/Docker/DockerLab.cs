using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Engines.Docker;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>The real engine of this machine. Tests run at the same time share it, so everything is under environments of one's own.</summary>
internal static class DockerLab
{
    /// <summary>One connection for all: it is thread-safe, and lives as long as the process.</summary>
    public static DockerConnection Connection { get; } = new(Options.Create(new CoreOptions()));

    public static DockerEngine NewEngine() => new(Connection, TimeProvider.System);
}
