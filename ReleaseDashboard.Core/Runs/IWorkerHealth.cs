namespace ReleaseDashboard.Core.Runs;

/// <summary>Whether runs are being carried out.</summary>
public interface IWorkerHealth
{
    /// <summary>
    /// True while the worker looks for work: the runs of the process before are taken over, and its loop has gone round lately. False before that, after
    /// the stop, and when the loop hangs. Cheap; any thread may ask.
    /// </summary>
    bool Ready { get; }
}
