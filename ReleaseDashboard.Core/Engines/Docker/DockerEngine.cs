using Docker.DotNet.Models;
using ReleaseDashboard.Core.Engines.Docker.Capture;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Environments on one Docker daemon. Only the front door: each concern has a class of its own beside this one.</summary>
internal sealed class DockerEngine : IEngine, IDisposable
{
    /// <summary>Docker 18.09, the first with BuildKit.</summary>
    internal static readonly System.Version OldestApi = new(1, 39);

    private readonly DockerConnection _docker;
    private readonly TimeProvider _clock;
    private readonly Readiness _readiness;
    private readonly DockerSpaces _spaces;
    private readonly DockerImages _images;
    private readonly DockerContainers _containers;
    private readonly DockerRollout _rollout;
    private readonly DockerJobs _jobs;
    private readonly DockerRemoval _removal;
    private readonly DockerObserver _observer;
    private readonly DockerOutput _output;
    private readonly DockerUsage _usage;
    private readonly DockerWatch _watch;

    public DockerEngine(DockerConnection docker, TimeProvider clock)
    {
        _docker = docker;
        _clock = clock;
        _readiness = new Readiness(docker);
        _spaces = new DockerSpaces(docker);
        _images = new DockerImages(docker);
        _containers = new DockerContainers(docker);
        _output = new DockerOutput(docker);
        var memory = new ReadinessMemory(docker, _readiness, clock);
        var events = new DockerEvents(docker);
        _watch = new DockerWatch(events);
        _rollout = new DockerRollout(docker, _containers, events, _output, new InstanceWaiter(docker, _containers, _readiness, memory, clock), memory);
        _jobs = new DockerJobs(docker, _containers, _output, EngineStops.On(docker.Endpoint), clock);
        _removal = new DockerRemoval(docker, _containers, memory, clock);
        _observer = new DockerObserver(docker, _containers, memory);
        _usage = new DockerUsage(docker, _containers);
    }

    public string Name => "docker";

    public async Task<EngineStatus> CheckAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            var version = await _docker.CallAsync(client => client.System.GetVersionAsync(limit.Token), limit.Token);
            return Judge(version);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EngineStatus(false, "", $"Docker at {_docker.Endpoint.Written} has not answered for 5 s. Look at `systemctl status docker`; a restart of Docker usually helps.");
        }
        catch (Exception problem) when (problem is EngineUnavailableException or EngineException or global::Docker.DotNet.DockerApiException)
        {
            return new EngineStatus(false, "", problem.Message);
        }
    }

    public Task<ObservedState> ObserveAsync(string environment, CancellationToken cancellationToken) => _observer.ObserveAsync(environment, cancellationToken);

    public Task<IReadOnlyList<ObservedState>> ObserveAllAsync(CancellationToken cancellationToken) => _observer.ObserveAllAsync(cancellationToken);

    public IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken) => _watch.WatchAsync(cancellationToken);

    public Task<bool> EnsureSpaceAsync(EnvironmentScope scope, CancellationToken cancellationToken) =>
        _docker.TrustAsync(() => _spaces.EnsureNetworkAsync(scope, cancellationToken), _ => true, cancellationToken);

    public Task<bool> EnsureVolumeAsync(EnvironmentScope scope, DesiredVolume volume, CancellationToken cancellationToken) =>
        _docker.TrustAsync(() => _spaces.EnsureVolumeAsync(scope, volume, cancellationToken), _ => true, cancellationToken);

    public Task EnsureImageAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken) =>
        _docker.TrustAsync(() => _images.EnsureAsync(image, built, output, cancellationToken), cancellationToken);

    public Task<ServiceResult> ApplyServiceAsync(EnvironmentScope scope, DesiredService service, IServiceRollout rollout, CancellationToken cancellationToken) =>
        _docker.TrustAsync(() => _rollout.ApplyAsync(scope, service, rollout, cancellationToken), result => result.Ready, cancellationToken);

    public async Task<IReadOnlyList<string>> RemoveServiceAsync(EnvironmentScope scope, string service, CancellationToken cancellationToken)
    {
        var found = await _containers.ListAsync(cancellationToken, DockerLabels.Is(DockerLabels.Environment, scope.Environment), DockerLabels.Is(DockerLabels.Service, service));
        return await Task.WhenAll(found.Select(async container =>
        {
            if (container.State is "running" or "restarting") await _containers.StopAsync(container.ID, null, cancellationToken);
            await _containers.RemoveAsync(container.ID, cancellationToken);
            return DockerView.Name(container);
        }));
    }

    public async Task<IReadOnlyList<string>> StopInstancesAsync(EnvironmentScope scope, CancellationToken cancellationToken)
    {
        var found = await _containers.ListAsync(cancellationToken, DockerLabels.Is(DockerLabels.Environment, scope.Environment), DockerLabels.Service);
        return await Task.WhenAll(found.Where(c => c.State is "running" or "restarting" or "paused").Select(async container =>
        {
            await _containers.StopAsync(container.ID, null, cancellationToken);
            return DockerView.Name(container);
        }));
    }

    public async Task<JobResult> RunJobAsync(EnvironmentScope scope, DesiredJob job, string task, long linesSeen, IEngineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            return await _docker.TrustAsync(() => _jobs.RunAsync(scope, job, task, linesSeen, output, cancellationToken), result => result.Succeeded || result.TimedOut, cancellationToken);
        }
        catch (EngineUnavailableException)
        {
            _jobs.Away(scope, job, task);
            throw;
        }
    }

    public Task RemoveJobAsync(EnvironmentScope scope, DesiredJob job, string task, CancellationToken cancellationToken) => _jobs.RemoveAsync(scope, job, task, cancellationToken);

    public Task<Receipt> RemoveEnvironmentAsync(string environment, IEngineOutput output, CancellationToken cancellationToken) =>
        _docker.TrustAsync(() => _removal.RemoveAsync(environment, output, cancellationToken), receipt => receipt.Left is null or 0, cancellationToken);

    public IAsyncEnumerable<OutputLine> ReadOutputAsync(string instanceId, int? tail, bool follow, CancellationToken cancellationToken) => _output.ReadAsync(instanceId, tail, follow, cancellationToken);

    public async Task<IOutputFeed> OpenOutputAsync(string instanceId, OutputMark? mark, bool starting, CancellationToken cancellationToken)
    {
        var stream = new DockerOutputFeed(_docker, _containers, _output, instanceId, mark, starting, _clock);
        await stream.OpenAsync(cancellationToken);
        return stream;
    }

    public Task<IReadOnlyList<InstanceUsage>> MeasureAsync(string environment, CancellationToken cancellationToken) => _usage.MeasureAsync(environment, cancellationToken);

    public void Dispose() => _readiness.Dispose();

    internal static EngineStatus Judge(VersionResponse version)
    {
        if (!System.Version.TryParse(version.APIVersion, out var api) || api < OldestApi)
        {
            return new EngineStatus(false, version.Version, $"Docker {version.Version} is too old: it has no BuildKit (API {version.APIVersion}, at least {OldestApi} is needed). Install Docker 18.09 or newer, best 20.10 or newer.");
        }

        return new EngineStatus(true, version.Version, null);
    }
}
