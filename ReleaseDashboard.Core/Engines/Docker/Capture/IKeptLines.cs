namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>Docker's log of a container, oldest line first. A log that cannot be given throws <see cref="EngineException"/>.</summary>
internal interface IKeptLines
{
    /// <param name="tail">How many of the last lines; null for all.</param>
    /// <param name="follow">Goes on with what is printed.</param>
    IAsyncEnumerable<OutputLine> ReadAsync(string containerId, int? tail, bool follow, CancellationToken cancellationToken);

    /// <summary>What Docker has kept until now, from a time of its own clock on.</summary>
    IAsyncEnumerable<OutputLine> ReadSinceAsync(string containerId, DateTimeOffset since, CancellationToken cancellationToken);
}
