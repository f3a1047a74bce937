using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>What the database would hold.</summary>
internal sealed class MemoryRecords : IRecordStore, IObservationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AppliedState> _applied = [];

    public Dictionary<string, Application> Applications { get; } = [];
    public Dictionary<string, ReleaseEnvironment> Environments { get; } = [];
    public Dictionary<long, Build> Builds { get; } = [];
    public Dictionary<long, IReadOnlyList<BuildSpec>> Specs { get; } = [];
    public Dictionary<long, Run> Runs { get; } = [];
    public List<SavedConfiguration> Configurations { get; } = [];

    public void Change(string environment, Func<ReleaseEnvironment, ReleaseEnvironment> change)
    {
        lock (_lock) Environments[environment] = change(Environments[environment]);
    }

    public ReleaseEnvironment Environment(string id)
    {
        lock (_lock) return Environments[id];
    }

    public AppliedState Applied(string environment)
    {
        lock (_lock) return _applied.GetValueOrDefault(environment) ?? AppliedState.None(environment);
    }

    public void Apply(string environment, Func<AppliedState, AppliedState> change)
    {
        lock (_lock) _applied[environment] = change(_applied.GetValueOrDefault(environment) ?? AppliedState.None(environment));
    }

    public Task<Application?> FindApplicationAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Applications.GetValueOrDefault(name));

    public Task<IReadOnlyList<Application>> ListApplicationsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Application>>([.. Applications.Values]);

    public Task<ReleaseEnvironment?> FindEnvironmentAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(Environments.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<ReleaseEnvironment>> ListEnvironmentsAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<ReleaseEnvironment>>([.. Environments.Values.Where(e => e.Phase != EnvironmentPhase.Removed)]);
    }

    public Task<SavedConfiguration?> ReadConfigurationAsync(string application, string? environment, CancellationToken cancellationToken) =>
        Task.FromResult(Configurations.LastOrDefault(c => c.Application == application && c.Environment == environment));

    public Task<SavedConfiguration?> ReadConfigurationAsync(string environment, ConfigurationVersion version, CancellationToken cancellationToken) =>
        Task.FromResult(Configurations.LastOrDefault(c => c.Environment == environment && c.Version == version));

    public Task<IReadOnlyDictionary<string, string>> ReadParametersAsync(string environment, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    public Task<Build?> FindBuildAsync(long id, CancellationToken cancellationToken) => Task.FromResult(Builds.GetValueOrDefault(id));

    public Task<Build?> FindBuildAsync(string application, string commit, string specHash, CancellationToken cancellationToken) => Task.FromResult<Build?>(null);

    public Task<IReadOnlyList<BuildSpec>> ReadBuildSpecsAsync(long build, CancellationToken cancellationToken) => Task.FromResult(Specs.GetValueOrDefault(build) ?? []);

    public Task<Run?> FindRunAsync(long id, CancellationToken cancellationToken) => Task.FromResult(Runs.GetValueOrDefault(id));

    public Task<Deployment?> FindDeploymentAsync(long id, CancellationToken cancellationToken) => Task.FromResult<Deployment?>(null);

    public Task<AppliedState> ReadAppliedAsync(string environment, CancellationToken cancellationToken) => Task.FromResult(Applied(environment));

    public Task<bool> WriteObservationAsync(string environment, HealthStatus health, SyncStatus sync, IReadOnlyList<DriftItem> drift, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = Environments[environment];
            if (now.Health == health && now.Sync == sync && now.Drift.SequenceEqual(drift)) return Task.FromResult(false);
            Environments[environment] = now with { Health = health, Sync = sync, Drift = drift };
            return Task.FromResult(true);
        }
    }
}

/// <summary>Writes a run's progress into <see cref="MemoryRecords"/>, or dies around it.</summary>
internal sealed class MemoryJournal(MemoryRecords records, string environment, CrashPoints crashes) : IRunJournal
{
    private readonly Lock _lock = new();
    private IReadOnlyList<RunStep> _steps = [];

    public IReadOnlyList<RunStep> Steps
    {
        get
        {
            lock (_lock) return _steps;
        }
    }

    public IReadOnlyList<BuildProgress> Progress { get; private set; } = [];
    public IReadOnlyList<BuildImage>? Images { get; private set; }
    public ConfigurationVersion? AppliedVersion { get; private set; }
    public int ProgressWrites { get; private set; }

    public Task<IReadOnlyList<RunStep>> ReadStepsAsync(CancellationToken cancellationToken) => Task.FromResult(Steps);

    public Task WriteStepsAsync(IReadOnlyList<RunStep> steps, CancellationToken cancellationToken) => Around("steps", () =>
    {
        lock (_lock) _steps = steps;
    });

    public Task WaitingAsync(string? reason, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WriteBuildProgressAsync(IReadOnlyList<BuildProgress> progress, CancellationToken cancellationToken) => Around("progress", () => (Progress, ProgressWrites) = (progress, ProgressWrites + 1));

    public Task WriteBuildImagesAsync(IReadOnlyList<BuildImage> images, CancellationToken cancellationToken) => Around("images", () => Images = images);

    public Task WriteServiceAppliedAsync(string service, string hash, CancellationToken cancellationToken) => Around($"service applied {service}", () =>
        records.Apply(environment, a => a with { Services = new Dictionary<string, string>(a.Services) { [service] = hash } }));

    public Task WriteAppliedAsync(DesiredState desired, ConfigurationVersion? configuration, CancellationToken cancellationToken) => Around("applied", () =>
    {
        AppliedVersion = configuration;
        records.Apply(environment, a => new AppliedState(environment, desired, desired.Services.ToDictionary(s => s.Name, s => a.Services.GetValueOrDefault(s.Name, s.Hash))));
    });

    private Task Around(string what, Action write)
    {
        crashes.Pass($"before {what}");
        write();
        crashes.Pass($"after {what}");
        return Task.CompletedTask;
    }
}
