using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hubs;

/// <summary>Logs as they grow, for everybody who is not a page of the dashboard.</summary>
public sealed class LogHub(IRunLogs logs, IRecordStore records, ILogStore store, IInstanceLogs outputs, SharedLines shared) : Hub
{
    /// <summary>A run's log from a line (1-based) on, without gap or repeat; the last message says that it has ended.</summary>
    public async IAsyncEnumerable<LogBatchOnWire> Follow(string runId, long fromLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!long.TryParse(runId, out var id) || await records.FindRunAsync(id, cancellationToken) is not { } run) throw new HubException($"There is no run {runId}.");
        await foreach (var batch in logs.FollowAsync(run, fromLine, cancellationToken)) yield return shared.Of(batch);
    }

    /// <summary>What all instances of a service print, also those to come, as <see cref="Follow"/>. Ends only when nobody listens any more.</summary>
    public async IAsyncEnumerable<LogBatchOnWire> FollowService(string environment, string service, long fromLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var logId = outputs.OpenService(environment, service) ?? throw new HubException($"No output of a service {service} of the environment {environment} is kept.");
        await foreach (var batch in store.FollowAsync(logId, fromLine, cancellationToken)) yield return shared.Of(batch);
    }

    /// <summary>What an instance prints, as <see cref="Follow"/>.</summary>
    public async IAsyncEnumerable<LogBatchOnWire> FollowInstance(string environment, string instance, long fromLine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var logId = await outputs.OpenAsync(environment, instance, cancellationToken) ?? throw new HubException($"Environment {environment} has no instance {instance}, and no output of one is kept.");
        await foreach (var batch in store.FollowAsync(logId, fromLine, cancellationToken)) yield return shared.Of(batch);
    }
}
