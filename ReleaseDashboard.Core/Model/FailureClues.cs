namespace ReleaseDashboard.Core.Model;

/// <summary>What the engine knows of a failure besides its words. All of it may be missing.</summary>
public sealed record FailureClues
{
    public int? ExitCode { get; init; }

    /// <summary>The engine says that the process was ended for its memory.</summary>
    public bool OutOfMemory { get; init; }

    public long? MemoryLimitBytes { get; init; }

    /// <summary>How often the process ended while it was waited for.</summary>
    public int Deaths { get; init; }

    public bool TimedOut { get; init; }

    public int? TimeoutSeconds { get; init; }

    /// <summary>What was asked to see whether it is ready: <c>GET /health</c>.</summary>
    public string? Probe { get; init; }

    /// <summary>What came back the last time.</summary>
    public string? ProbeAnswer { get; init; }

    /// <summary>Port inside the container that the probe goes to.</summary>
    public int? Port { get; init; }

    /// <summary>Addresses on which the container listens, from its own socket table: <c>127.0.0.1:8080</c>, <c>[::]:80</c>. Null when it could not be read.</summary>
    public IReadOnlyList<string>? Listening { get; init; }

    /// <summary>The engine's own words for what it would not do.</summary>
    public string? EngineError { get; init; }
}
