using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Live;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

/// <summary>The store on a real SQLite file, with a clock of the test.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreHost(ServiceProvider services) => _services = services;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time => (FakeTimeProvider)_services.GetRequiredService<TimeProvider>();
    public IRunStore Runs => _services.GetRequiredService<IRunStore>();
    public IRunRecovery Recovery => _services.GetRequiredService<IRunRecovery>();
    public IJournalStore Journal => _services.GetRequiredService<IJournalStore>();
    public IRecordStore Records => _services.GetRequiredService<IRecordStore>();
    public WriteGate Gate => _services.GetRequiredService<WriteGate>();
    public IChangeFeed Feed => _services.GetRequiredService<IChangeFeed>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static async Task<StoreHost> StartAsync(string directory, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)));
        services.Configure<CoreOptions>(o => o.DataDirectory = directory);
        services.AddLogging();
        services.AddSingleton<ITextProtection, Reversed>();
        services.AddSingleton<IStoreListener, ChangePublisher>();
        configure?.Invoke(services);
        services.AddLive().AddStore();
        var provider = services.BuildServiceProvider();
        foreach (var start in provider.GetServices<IHostedService>().OfType<StoreStart>()) await start.StartingAsync(Token);
        return new StoreHost(provider);
    }

    public async Task<DashboardDb> OpenAsync() => await Get<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(Token);

    public Task AddAsync(params object[] rows) => Gate.WriteAsync(
        (db, _) =>
        {
            db.AddRange(rows);
            return Task.FromResult(true);
        },
        Token);

    /// <summary>A queued run with a deployment of its own.</summary>
    public async Task<RunEntity> QueueAsync(string environment, Stage stage = Stage.Patch, string trigger = "deploy", long? after = null)
    {
        var deployment = new DeploymentEntity
        {
            Environment = environment, Application = "shop", Trigger = trigger, Actor = "ann", Status = RunStatus.Queued, CreatedAt = Time.GetUtcNow(),
        };
        await AddAsync(deployment);
        var run = Rows.Run(stage, environment, trigger);
        run.DeploymentId = deployment.Id;
        run.AfterRunId = after;
        await AddAsync(run);
        await AddAsync(new DeploymentStageEntity { DeploymentId = deployment.Id, Position = 0, Stage = stage, RunId = run.Id });
        return run;
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    /// <summary>Enough to see that a text was not stored in clear.</summary>
    private sealed class Reversed : ITextProtection
    {
        public string Protect(string clear) => new([.. clear.Reverse()]);

        public string Unprotect(string secret) => Protect(secret);
    }
}

internal static class Rows
{
    public static EnvironmentEntity Environment(string id, EnvironmentPhase phase = EnvironmentPhase.Ready, bool setUp = true) => new()
    {
        Id = id, Application = "shop", Branch = "main", Drift = "[]", Phase = phase, SetupSucceeded = setUp, SavedDefault = 1,
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public static RunEntity Run(Stage stage, string environment, string trigger = "deploy") => new()
    {
        Stage = stage, Application = "shop", Environment = environment, LockKey = $"environment:{environment}", Status = RunStatus.Queued, Trigger = trigger,
        Actor = "ann", Commit = "c0ffee", QueuedAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
    };

    public static RunEntity BuildRun(string commit = "c0ffee") => new()
    {
        Stage = Stage.Build, Application = "shop", LockKey = $"build:shop:{commit}:h", Status = RunStatus.Queued, Trigger = "deploy", Actor = "ann", Commit = commit,
        QueuedAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
    };

    public static BuildEntity Build(RunEntity run, RunStatus status = RunStatus.Queued) => new()
    {
        Application = "shop", Commit = run.Commit!, Branch = "main", Author = "ann", Message = "Change\n\nmore", SpecHash = "h", Specs = "[]", Status = status, Trigger = "deploy",
        Actor = "ann", Images = "[]", RunId = run.Id, CreatedAt = run.QueuedAt, CommittedAt = run.QueuedAt,
    };
}
