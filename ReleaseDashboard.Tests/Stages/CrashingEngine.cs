using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>An engine in front of which, and behind which, the process may die: the call was never sent, or its answer never arrived.</summary>
internal sealed class CrashingEngine(IEngine inner, CrashPoints crashes) : IEngine
{
    /// <summary>What is said to be left after a removal.</summary>
    public int? Left { get; init; } = 0;

    public string Name => inner.Name;

    public Task<EngineStatus> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

    public Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken) => Around("observe", () => inner.ObserveAsync(environment, cancellationToken));

    public Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken) => inner.ObserveAllAsync(cancellationToken);

    public IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task<bool> EnsureSpaceAsync(EnvironmentScope scope, CancellationToken cancellationToken) => Around("space", () => inner.EnsureSpaceAsync(scope, cancellationToken));

    public Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken) =>
        Around($"volume {volume.Name}", () => inner.EnsureVolumeAsync(scope, volume, cancellationToken));

    public Task EnsureImageAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken) =>
        Around($"image {image}", async () =>
        {
            await inner.EnsureImageAsync(image, built, output, cancellationToken);
            return true;
        });

    public Task<ServiceResult> ApplyServiceAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken) =>
        Around($"apply {service.Name}", () => inner.ApplyServiceAsync(scope, service, rollout, cancellationToken));

    public Task<IReadOnlyList<string>> RemoveServiceAsync(EnvironmentScope scope, string service, CancellationToken cancellationToken) =>
        Around($"remove {service}", () => inner.RemoveServiceAsync(scope, service, cancellationToken));

    public Task<IReadOnlyList<string>> StopInstancesAsync(EnvironmentScope scope, CancellationToken cancellationToken) => Around("stop", () => inner.StopInstancesAsync(scope, cancellationToken));

    public Task<JobResult> RunJobAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken) =>
        Around($"job {job.Name}", () => inner.RunJobAsync(scope, job, task, linesSeen, output, cancellationToken));

    public Task RemoveJobAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken) => Around($"remove job {job.Name}", async () =>
    {
        await inner.RemoveJobAsync(scope, job, task, cancellationToken);
        return true;
    });

    public Task<Receipt> RemoveEnvironmentAsync(string environment, IEngineOutput output, CancellationToken cancellationToken) =>
        Around("remove environment", async () => await inner.RemoveEnvironmentAsync(environment, output, cancellationToken) with { Left = Left });

    public IAsyncEnumerable<OutputLine> ReadOutputAsync(string instanceId, int? tail, bool follow, CancellationToken cancellationToken) => inner.ReadOutputAsync(instanceId, tail, follow, cancellationToken);

    public Task<IOutputFeed> OpenOutputAsync(string instanceId, OutputMark? mark, bool starting, CancellationToken cancellationToken) => inner.OpenOutputAsync(instanceId, mark, starting, cancellationToken);

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken) => inner.MeasureAsync(environment, cancellationToken);

    private async Task<T> Around<T>(string what, Func<Task<T>> call)
    {
        crashes.Pass($"before {what}");
        var result = await call();
        crashes.Pass($"after {what}");
        return result;
    }
}
