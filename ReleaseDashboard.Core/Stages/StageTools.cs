using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Stages;

/// <summary>What every stage that changes an environment works with.</summary>
internal sealed record StageTools(
    IEngine Engine,
    IRecordStore Records,
    ILogStore Logs,
    IRouteTable Routes,
    IRouteUpdates RouteUpdates,
    IEnvironmentObserver Observer,
    IInstanceLogs Outputs,
    TimeProvider Clock,
    TimeSpan Drain);
