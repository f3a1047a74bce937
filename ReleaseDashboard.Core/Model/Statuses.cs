namespace ReleaseDashboard.Core.Model;

/// <summary>What a run does. The first four are the life of an environment; the last two are run by hand on one that lives.</summary>
public enum Stage
{
    /// <summary>Makes the images of one commit.</summary>
    Build,
    /// <summary>Brings an environment to its configuration: networks, volumes, files, routes, then code.</summary>
    Setup,
    /// <summary>Deploys code only.</summary>
    Patch,
    /// <summary>Removes everything the environment ever created.</summary>
    Teardown,
    /// <summary>Stops the instances and keeps volumes and configuration; setup starts them again.</summary>
    Pause,
    /// <summary>Runs a custom workflow of the template.</summary>
    Workflow,
}

/// <summary>State of a run, a deployment, a step or a task. Only the first two are not final.</summary>
public enum RunStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Superseded,
}

public enum EnvironmentKind
{
    /// <summary>Named <c>ted</c> + 4 hex digits, expires.</summary>
    Ephemeral,
    /// <summary>Named by its owner, never expires.</summary>
    Permanent,
}

public enum EnvironmentPhase
{
    Pending,
    SettingUp,
    Ready,
    Patching,
    TearingDown,
    Removed,
    Failed,
    Paused,
}

/// <summary>How an instance, a service or an environment is. Declared from best to worst; <see cref="Unknown"/> stands apart.</summary>
public enum HealthStatus
{
    Healthy,
    Progressing,
    Degraded,
    Missing,
    Unknown,
}

public enum SyncStatus
{
    InSync,
    OutOfSync,
}

/// <summary>What an engine says of one instance.</summary>
public enum InstanceStatus
{
    Created,
    Running,
    Restarting,
    Paused,
    Exited,
}

public static class StatusExtensions
{
    /// <summary>True once nothing will change the status any more.</summary>
    public static bool IsFinal(this RunStatus status) => status is not (RunStatus.Queued or RunStatus.Running);

    /// <summary>The word used in the API, in pages and in file names: camelCase of the member.</summary>
    public static string Word(this Enum value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
