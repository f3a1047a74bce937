using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>What the fake engine has: the part that survives a restart of the dashboard. Guarded by the engine's lock.</summary>
internal sealed class FakeWorld
{
    public Dictionary<string, FakeEnvironment> Environments { get; } = [];

    public FakeEnvironment Find(EnvironmentScope scope)
    {
        if (Environments.TryGetValue(scope.Environment, out var environment)) return environment;
        return Environments[scope.Environment] = new FakeEnvironment(scope.Environment, scope.Application);
    }
}

internal sealed class FakeEnvironment(string id, string application)
{
    public string Id { get; } = id;
    public bool HasSpace { get; set; }
    public Dictionary<string, Dictionary<string, string>> Volumes { get; } = [];
    public List<FakeInstance> Instances { get; } = [];
    public Dictionary<(string Name, string Key), FakeJob> Jobs { get; } = [];

    public ObservedState Observe() => new(
        Id,
        application,
        HasSpace,
        [.. Volumes.Keys.Order(StringComparer.Ordinal)],
        [.. Instances.Select(i => i.Observe())],
        [.. Jobs.Select(j => new ObservedJob(j.Value.Id, j.Key.Name, j.Key.Key, !j.Value.Ended.IsCompleted, j.Value.Result?.ExitCode))]);
}

internal sealed class FakeInstance(string id, string name, DesiredService service, string commit, DateTimeOffset startedAt, int firstPort)
{
    public string Id { get; } = id;
    public string Service { get; } = service.Name;
    public string Hash { get; } = service.Hash;
    public FakeOutput Output { get; } = new();
    public InstanceStatus Status { get; set; } = InstanceStatus.Running;
    public bool Ready { get; set; }
    public int Restarts { get; set; }
    public int? ExitCode { get; set; }

    /// <summary>Loopback endpoints of ports nobody listens on.</summary>
    public ObservedInstance Observe() => new(
        Id,
        name,
        Service,
        Hash,
        Status,
        Ready && Status == InstanceStatus.Running,
        Restarts,
        commit,
        ExitCode,
        startedAt,
        Status == InstanceStatus.Running
            ? [.. service.Ports.Where(p => p.Public).Select((p, i) => new InstanceEndpoint(p.TargetPort, "127.0.0.1", firstPort + i))]
            : []);
}

internal sealed class FakeJob(string id) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public string Id { get; } = id;
    public FakeOutput Output { get; } = new();
    public JobResult? Result { get; set; }
    public Task Ended { get; set; } = Task.CompletedTask;
    public CancellationToken Stopped => _stop.Token;

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
