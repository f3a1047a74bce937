using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Secrets;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Fakes;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>Commands, queue, worker and views on a real database and real logs; git, engine and stages are scripted.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    public const string Template =
        """
        services:
          - name: web
            image: shop/web
            has_repo: true
            ports:
              - { type: node_port, port: "80", target_port: "8080" }
        hostnames:
          - web: web-${env_id}.${domain}
        workflows:
          - name: report
            parallelize:
              - step: one
                tasks: [services.web]
        """;

    private readonly IHost _host;

    private RunHost(IHost host) => _host = host;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public IRunService Commands => Get<IRunService>();
    public IRecordStore Records => Get<IRecordStore>();
    public IDashboardViews Views => Get<IDashboardViews>();
    public FakeGit Git => Get<FakeGit>();
    public ScriptedStages Stages => Get<ScriptedStages>();
    public FakeSpace Space => Get<FakeSpace>();
    public ILogStore Logs => Get<ILogStore>();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <param name="work">False: commands and views only; nothing is carried out.</param>
    /// <param name="configure">Replaces registrations; called last.</param>
    public static async Task<RunHost> StartAsync(string directory, ScriptedStages? stages = null, bool work = true, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<CoreOptions>(o =>
        {
            o.DataDirectory = directory;
            o.Engine = "fake";
        });
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(stages ?? new ScriptedStages());
        builder.Services.AddSingleton<IStageRunner>(p => p.GetRequiredService<ScriptedStages>());
        builder.Services.AddSingleton<FakeGit>();
        builder.Services.AddSingleton<IGitRepositories>(p => p.GetRequiredService<FakeGit>());
        builder.Services.AddSingleton<FakeSpace>();
        builder.Services.AddSingleton<IFreeSpace>(p => p.GetRequiredService<FakeSpace>());
        builder.Services.AddSingleton<IEnvironmentObserver, NoObserver>();
        builder.Services.AddSingleton<IStagePlans, NoPlans>();
        builder.Services.AddSingleton<IPublicAddress, Address>();
        builder.Services.AddLive().AddSecrets().AddStore().AddLogs().AddEngines().AddRuns().AddViews();
        configure?.Invoke(builder.Services);
        if (!work) builder.Services.RemoveAll<IHostedService>();
        if (!work) builder.Services.AddHostedService<StoreStart>();
        var host = builder.Build();
        await host.StartAsync(Token);
        return new RunHost(host);
    }

    public static CommandContext By(string trigger = "deploy", string? key = null) => new(new Actor("ann"), trigger, key);

    public async Task<string> ApplicationAsync(string template = Template, string variables = "")
    {
        var created = await Commands.CreateApplicationAsync(new NewApplication("shop", "/srv/shop.git", "main", template, variables), By(), Token);
        return Accepted(created).Name;
    }

    /// <summary>An ephemeral environment whose first setup has not been carried out.</summary>
    public async Task<Deployment> EnvironmentAsync() =>
        Accepted(await Commands.CreateEnvironmentAsync(new NewEnvironment("shop", "main", null, EnvironmentKind.Ephemeral, null), By("create"), Token));

    public static T Accepted<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.Accepted, outcome.Refusal?.Message);
        return outcome.Value!;
    }

    public static void Refused<T>(string code, Outcome<T> outcome) => Assert.Equal(code, outcome.Refusal?.Code);

    public Task<Deployment> EndedAsync(long deployment) => Support.Eventually.GetAsync(
        async () => await Records.FindDeploymentAsync(deployment, Token) is { } found && found.Status.IsFinal() ? found : null,
        $"deployment {deployment} ends");

    public async Task<ReleaseEnvironment> FindAsync(string environment) => (await Records.FindEnvironmentAsync(environment, Token))!;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
    }

    private sealed class Address : IPublicAddress
    {
        public string Scheme => "http";
        public int? Port => 5080;
    }

    private sealed class NoPlans : IStagePlans
    {
        public Task<Outcome<Plan>> PlanAsync(string environment, Stage stage, long? build, CancellationToken cancellationToken) => Task.FromResult<Outcome<Plan>>(new Plan(stage, [], []));
    }

    private sealed class NoObserver : IEnvironmentObserver
    {
        public EngineStatus Engine { get; } = new(true, "1", null);
        public IReadOnlyList<ObservedState> Orphans => [];
        public ObservedState? Last(string environment) => null;
        public IReadOnlyList<InstanceUsage> Usage(string environment) => [];
        public void Touch(string environment)
        {
        }
    }
}

internal sealed class FakeSpace : IFreeSpace
{
    public long Free { get; set; } = long.MaxValue;

    public long Bytes(string directory) => Free;
}

/// <summary>Stages that do what the test says; succeed when it says nothing.</summary>
internal sealed class ScriptedStages : IStageRunner
{
    public ConcurrentQueue<string> Ran { get; } = new();

    public Func<StageContext, CancellationToken, Task<RunResult>>? Script { get; set; }

    public IReadOnlyCollection<Stage> Stages { get; } = Enum.GetValues<Stage>();

    public async Task<RunResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        Ran.Enqueue($"{run.Stage.Word()} {run.Environment ?? run.Commit}");
        if (Script is { } script) return await script(context, cancellationToken);
        return await SucceedAsync(context, cancellationToken);
    }

    public static async Task<RunResult> SucceedAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        if (run.Stage is Stage.Setup or Stage.Patch)
        {
            var scope = new EnvironmentScope(run.Environment!, run.Application, run.DeploymentId ?? 0, run.Id, run.Attempt, run.Commit!);
            var desired = new DesiredState(scope, [], [], [], [new DesiredRoute($"web-{run.Environment}.apps.localhost", "web", 8080)], []);
            await context.Journal.WriteAppliedAsync(desired, run.Stage == Stage.Setup ? new ConfigurationVersion(1, 0) : null, cancellationToken);
        }

        return RunResult.Succeeded(new Receipt([], run.Stage == Stage.Teardown ? 0 : null));
    }
}

/// <summary>A repository whose branches the test moves.</summary>
internal sealed class FakeGit : IGitRepositories
{
    public ConcurrentDictionary<string, string> Refs { get; } = new(new Dictionary<string, string> { ["main"] = Sha(1) });

    public string? Problem { get; set; }

    public static string Sha(int number) => number.ToString("x40");

    public Task FetchAsync(Application application, CancellationToken cancellationToken) => Broken is { } broken ? Task.FromException(broken) : Problem is null ? Task.CompletedTask : Task.FromException(new GitException(Problem));

    public Task<string?> ProbeAsync(string repository, CancellationToken cancellationToken) =>
        Problem is null ? Task.FromResult<string?>("main") : Task.FromException<string?>(new GitException(Problem));

    public Task<GitCommit?> ResolveAsync(Application application, string reference, CancellationToken cancellationToken)
    {
        var sha = Refs.TryGetValue(reference, out var tip) ? tip : Refs.Values.FirstOrDefault(s => s == reference);
        return Task.FromResult(sha is null ? null : new GitCommit(sha, "ann", "Change", DateTimeOffset.UnixEpoch));
    }

    public Task<IReadOnlyList<GitRef>> ListRefsAsync(Application application, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<GitRef>>([.. Refs.Select(r => new GitRef(r.Key, false, r.Value))]);

    public Task<byte[]?> ReadFileAsync(Application application, string commit, string path, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task WriteContextAsync(Application application, string commit, string directory, IReadOnlyList<string> keep, Stream output, CancellationToken cancellationToken) => Task.CompletedTask;

    public Exception? Broken { get; set; }

    public List<string> Deleted { get; } = [];

    public Task<string> CreateHostedAsync(string application, CancellationToken cancellationToken) => Task.FromResult($"/hosted/{application}.git");

    public Task SeedHostedAsync(string application, string directory, string branch, string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(Application application, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Deleted.Add(application.Repository);
        return Task.CompletedTask;
    }
}
