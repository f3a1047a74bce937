namespace ReleaseDashboard.Core;

/// <summary>Settings of the section <c>Release</c>; <c>appsettings.sample.json</c> shows all. Validated at start, all problems at once.</summary>
public sealed class CoreOptions
{
    public const string Section = "Release";

    /// <summary>Database, logs, git mirrors, keys: everything that must be backed up.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>Base domain of environments.</summary>
    public string Domain { get; set; } = "apps.localhost";

    /// <summary>Host name people open the dashboard by, when it is not the one it listens on (behind another proxy): no environment can take it.</summary>
    public string? PublicHost { get; set; }

    /// <summary><c>docker</c> or <c>fake</c> (for demonstrations and tests: nothing really runs).</summary>
    public string Engine { get; set; } = "docker";

    public DockerOptions Docker { get; set; } = new();

    public AuthOptions Auth { get; set; } = new();

    public LogOptions Logs { get; set; } = new();

    /// <summary>Runs at the same time over all environments, 1–64.</summary>
    public int MaxConcurrentRuns { get; set; } = 4;

    /// <summary>The sample application of a first start.</summary>
    public bool SeedSample { get; set; } = true;

    /// <summary>Where the sample's files are; found beside the program when unset.</summary>
    public string? SamplesDirectory { get; set; }

    /// <summary>Seconds between looks at the branches of repositories that are not hosted here, 5–3600.</summary>
    public int GitPollSeconds { get; set; } = 30;

    /// <summary>Days an ephemeral environment lives, and what Extend gives it again, 1–365.</summary>
    public int EphemeralDays { get; set; } = 3;

    /// <summary>New runs are refused below this many free megabytes in the data directory.</summary>
    public int MinimumFreeMegabytes { get; set; } = 200;

    /// <summary>Seconds a replaced instance may finish its requests, 0–600.</summary>
    public int DrainSeconds { get; set; } = 30;
}

public sealed class DockerOptions
{
    /// <summary>Unset: <c>DOCKER_HOST</c>, else the default socket.</summary>
    public string? Endpoint { get; set; }
}

public sealed class LogOptions
{
    /// <summary>Text a run's log may hold, 1–100,000; what is printed after it is counted and left out.</summary>
    public int MaxMegabytesPerRun { get; set; } = 1024;

    /// <summary>Text the log of an instance may hold, 1–100,000; then its older half is dropped.</summary>
    public int MaxMegabytesPerInstance { get; set; } = 256;

    /// <summary>Days the log of something that has ended is kept, 1–3650.</summary>
    public int RetentionDays { get; set; } = 30;

    /// <summary>What the logs of an environment (or of the builds of an application) may take on the disk, 1–1,000,000; beyond it the oldest ended ones are removed.</summary>
    public int MaxMegabytesPerEnvironment { get; set; } = 2048;
}

public sealed class AuthOptions
{
    /// <summary>If set, an API token with the owner role; at least 16 characters.</summary>
    public string? BootstrapToken { get; set; }
}

/// <summary>Where the dashboard is reached, known once the server listens; environment URLs are made from it.</summary>
public interface IPublicAddress
{
    string Scheme { get; }

    /// <summary>Null for the scheme's own port.</summary>
    int? Port { get; }
}
