using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Docker;

/// <summary>Real containers and real log files, and between them the capture as the dashboard runs it.</summary>
internal sealed class CaptureLab : IAsyncDisposable
{
    private const string Environment = "lab";
    private readonly List<string> _containers = [];
    private readonly DockerEngine _engine = DockerLab.NewEngine();
    private readonly LogFixture _logs = new();
    private readonly ServiceProvider _services;

    public CaptureLab(LogOptions? options = null, params string[] secrets)
    {
        Store = LogFixture.Open(_logs.DataDirectory, options);
        _services = new ServiceCollection().AddSingleton<IEngine>(_engine).AddSingleton<IEnvironmentSecrets>(new Secrets(secrets)).BuildServiceProvider();
        Captures = new InstanceLogs(_services, Store, _logs.NewTimelines(Store), TimeProvider.System, NullLogger<InstanceLogs>.Instance);
    }

    public FileLogStore Store { get; }

    public InstanceLogs Captures { get; }

    public static string LogOf(string container) => InstanceLogs.LogId(Environment, container);

    public string File(string name) => _logs.File(name);

    /// <summary>Made, not started. Returns its id.</summary>
    public async Task<string> CreateAsync(string script, params string[] options)
    {
        await TestImages.BusyboxAsync();
        var id = (await Tool.DockerAsync(["create", "--init", .. options, TestImages.Busybox, "sh", "-c", script])).Trim();
        _containers.Add(id);
        return id;
    }

    public ValueTask ListenAsync(string id, CancellationToken cancellationToken) =>
        Captures.BeginAsync(Environment, new ObservedInstance(id, $"web-{id[..6]}", "web", "h1", InstanceStatus.Created, false, 0, "c0ffee", null, null, []), cancellationToken);

    public Task LinesAsync(string id, long lines, TimeSpan? within = null) =>
        Eventually.TrueAsync(() => Store.State(LogOf(id)).TotalLines >= lines, $"{lines} lines are captured", within);

    public async Task RemoveAsync(string id)
    {
        await Tool.TryAsync("docker", ["rm", "-f", "-v", id]);
        _containers.Remove(id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _containers) await Tool.TryAsync("docker", ["rm", "-f", "-v", id]);
        await Captures.DeleteAsync(Environment, [], CancellationToken.None);
        Captures.Dispose();
        await _services.DisposeAsync();
        _engine.Dispose();
        _logs.Dispose();
    }

    private sealed class Secrets(IReadOnlyCollection<string> secrets) : IEnvironmentSecrets
    {
        public Task<IReadOnlyCollection<string>> OfAsync(string environment, CancellationToken cancellationToken) => Task.FromResult(secrets);
    }
}
