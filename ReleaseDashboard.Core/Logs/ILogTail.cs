using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>How long a log is, as it grows: for a viewer that reads only what it shows, however fast the log is written.</summary>
public interface ILogTail
{
    /// <summary>
    /// The state now, then each time it changed, at most twenty times a second and always the newest; ends after an ended state. The wait for the
    /// reader is the back-pressure: what happened meanwhile is one element.
    /// </summary>
    IAsyncEnumerable<LogState> WatchAsync(string logId, CancellationToken cancellationToken);
}
