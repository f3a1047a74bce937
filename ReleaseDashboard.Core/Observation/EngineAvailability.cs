using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Live;

namespace ReleaseDashboard.Core.Observation;

/// <summary>Whether the engine answers, as last known; says so when it changes.</summary>
internal sealed class EngineAvailability(IChangeFeed feed)
{
    private EngineStatus _status = new(false, "", "The engine has not been asked yet.");

    public EngineStatus Status
    {
        get => Volatile.Read(ref _status);
        set
        {
            if (Interlocked.Exchange(ref _status, value) != value) feed.Publish(ChangeKeys.Engine);
        }
    }
}
