using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Views;

/// <summary>
/// A run's log as it grows, until the run is over. A log alone does not always say so: a run that was canceled while it waited never began one, and a full disk may
/// have kept the last mark from being written.
/// </summary>
public interface IRunLogs
{
    /// <summary>As <see cref="ILogStore.FollowAsync"/>; the last batch says that it is the last also where the log does not.</summary>
    IAsyncEnumerable<LogBatch> FollowAsync(Run run, long from, CancellationToken cancellationToken);

    /// <summary>As <see cref="ILogTail.WatchAsync"/>; the last state is ended also where the log is not.</summary>
    IAsyncEnumerable<LogState> WatchAsync(long runId, CancellationToken cancellationToken);
}
