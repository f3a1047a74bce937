using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Core.Runs;

/// <summary>The journal of one attempt. Its writes are fenced in the database; whoever lost the run learns it from the first of them.</summary>
internal sealed class RunJournal(IJournalStore store, long run, int attempt) : IRunJournal
{
    public Task<IReadOnlyList<RunStep>> ReadStepsAsync(CancellationToken cancellationToken) => store.ReadStepsAsync(run, cancellationToken);

    public Task WriteStepsAsync(IReadOnlyList<RunStep> steps, CancellationToken cancellationToken) => FencedAsync(store.WriteStepsAsync(run, attempt, steps, cancellationToken));

    public Task WaitingAsync(string? reason, CancellationToken cancellationToken) => FencedAsync(store.WriteWaitingAsync(run, attempt, reason, cancellationToken));

    public Task WriteBuildProgressAsync(IReadOnlyList<BuildProgress> progress, CancellationToken cancellationToken) =>
        FencedAsync(store.WriteBuildProgressAsync(run, attempt, progress, cancellationToken));

    public Task WriteBuildImagesAsync(IReadOnlyList<BuildImage> images, CancellationToken cancellationToken) =>
        FencedAsync(store.WriteBuildImagesAsync(run, attempt, images, cancellationToken));

    public Task WriteServiceAppliedAsync(string service, string hash, CancellationToken cancellationToken) =>
        FencedAsync(store.WriteServiceAppliedAsync(run, attempt, service, hash, cancellationToken));

    public Task WriteAppliedAsync(DesiredState desired, ConfigurationVersion? configuration, CancellationToken cancellationToken) =>
        FencedAsync(store.WriteAppliedAsync(run, attempt, desired, configuration, cancellationToken));

    private async Task FencedAsync(Task<bool> write)
    {
        if (!await write) throw new RunLostException(run);
    }
}
