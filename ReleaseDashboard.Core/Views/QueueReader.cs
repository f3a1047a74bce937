using Microsoft.Extensions.Options;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Views;

/// <summary>The queue, explained, and how long things usually take.</summary>
internal sealed class QueueReader(RunViewStore store, IStorageGuard storage, IOptions<CoreOptions> options, TimeProvider time)
{
    private const int History = 10;

    public async Task<QueueView> ReadAsync(int recent, CancellationToken cancellationToken)
    {
        var runs = await store.UnfinishedAsync(cancellationToken);
        var typical = await TypicalAsync(runs, cancellationToken);
        var slots = options.Value.MaxConcurrentRuns;
        var explainer = new QueueExplainer(runs, slots, storage.Problem, time.GetUtcNow(), r => typical.GetValueOrDefault(Key(r)));
        var ended = recent == 0 ? [] : await store.LastEndedAsync(recent, cancellationToken);
        return new QueueView(explainer.Running(), explainer.Waiting(), [.. ended.Select(r => new QueueRow(r, 0, null, null, null, null))], slots);
    }

    /// <summary>Median of the last ten that succeeded: of this environment, or of this application for a build.</summary>
    public async Task<TimeSpan?> TypicalAsync(Run run, CancellationToken cancellationToken) =>
        Cursor.Median(await store.DurationsAsync(run.Application, run.Stage == Stage.Build ? null : run.Environment, run.Stage, History, cancellationToken));

    private async Task<Dictionary<(string, string?, Stage), TimeSpan?>> TypicalAsync(IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        var typical = new Dictionary<(string, string?, Stage), TimeSpan?>();
        foreach (var run in runs.DistinctBy(Key)) typical[Key(run)] = await TypicalAsync(run, cancellationToken);
        return typical;
    }

    private static (string, string?, Stage) Key(Run run) => (run.Application, run.Stage == Stage.Build ? null : run.Environment, run.Stage);
}
