using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;

namespace ReleaseDashboard.Tests.Fakes;

/// <summary>A small dashboard in memory: one application, environments in several states, builds, deployments, a queue. Tests change what they are about.</summary>
internal sealed class FakeViews : IDashboardViews
{
    public const string Template = "services:\n  - name: web\n    has_repo: true\n    ports:\n      - type: node_port\n        port: 80\n        target_port: 8080\nhostnames:\n  - web: web-${env_id}.${domain}\n";
    public const string Variables = "defaults:\n  - key: GREETING\n    value: hello\n";
    private const string Sha = "4f2c9ae1b0a7d6c5e4f3021122334455667788aa";
    private const string NewSha = "9b1de20c11a7d6c5e4f3021122334455667788bb";

    public FakeViews(DateTimeOffset now)
    {
        Now = now;
        App = new("shop", "/data/git/shop.git", true, "main", 2, now.AddDays(-12));
        Commit = new(Sha, "Ada", "Fix cart total\n\nIt was wrong for two.", now.AddMinutes(-190));
        Newer = new(NewSha, "Lin", "Show the commit on the page", now.AddMinutes(-2));
        Builds = [NewBuild(13, NewSha, RunStatus.Running, now.AddSeconds(-24), null), NewBuild(12, Sha, RunStatus.Succeeded, now.AddMinutes(-185), now.AddMinutes(-184)), NewBuild(11, Sha, RunStatus.Failed, now.AddHours(-30), now.AddHours(-30).AddSeconds(13))];
        var ready = NewEnvironment("ted1bc4", EnvironmentPhase.Ready);
        Environments =
        [
            Row(ready),
            Row(NewEnvironment("ted77a0", EnvironmentPhase.Patching)),
            Row(NewEnvironment("tedf00d", EnvironmentPhase.Failed) with { SetupSucceeded = false, Applied = null, Health = HealthStatus.Missing }),
            Row(NewEnvironment("staging", EnvironmentPhase.Ready) with { Kind = EnvironmentKind.Permanent, ExpiresAt = null, Health = HealthStatus.Degraded, Sync = SyncStatus.OutOfSync, Saved = new(2, 2), Drift = [new("service", "worker", "worker has 0 of 1 instances: its container was removed outside the dashboard.")] }),
        ];
        Deployments =
        [
            NewDeployment(128, "ted1bc4", RunStatus.Running, null),
            NewDeployment(127, "tedf00d", RunStatus.Failed, new("web never became ready: GET /health answered 500 for 60 s.", "panic: database is locked", "Look at the last lines of web, fix the start, push again. Nothing else was changed.", 41)),
            NewDeployment(126, "ted1bc4", RunStatus.Succeeded, null),
        ];
    }

    public DateTimeOffset Now { get; }
    public Application App { get; set; }
    public GitCommit Commit { get; }
    public GitCommit? Newer { get; set; }
    public List<Build> Builds { get; set; }
    public List<EnvironmentRow> Environments { get; set; }
    public List<Deployment> Deployments { get; set; }
    public int OverviewReads { get; private set; }
    public List<GitRef> Refs { get; } = [new("main", false, Sha), new("feature/cart", false, NewSha), new("v1.0", true, Sha)];
    public Func<EnvironmentView, EnvironmentView> Change { get; set; } = v => v;

    public static Plan SamplePlan { get; } = new(
        Stage.Patch,
        [
            new(PlanActionKind.RunJob, "migrate", "jobs.migrate", "migrate", "jobs run with every patch"),
            new(PlanActionKind.ReplaceService, "code", "services.web", "web", "image changed"),
            new(PlanActionKind.ReplaceService, "code", "services.worker", "worker", "image changed"),
            new(PlanActionKind.KeepService, "code", "services.db", "db", ""),
        ],
        [new("migrate", ["jobs.migrate"], true, true), new("code", ["services.web", "services.worker"], true, true)]);

    public ReleaseEnvironment NewEnvironment(string id, EnvironmentPhase phase) => new(
        id, "shop", EnvironmentKind.Ephemeral, "main", false, phase, phase == EnvironmentPhase.Ready ? HealthStatus.Healthy : HealthStatus.Progressing, SyncStatus.InSync, [],
        true, new(2, 1), new(2, 1), Sha, 12, Now.AddDays(-1), Now.AddDays(2).AddHours(4), null);

    public Task<OverviewView> OverviewAsync(CancellationToken cancellationToken)
    {
        OverviewReads++;
        var queue = Queue();
        return Task.FromResult(new OverviewView(queue.Running, queue.Waiting, [.. Deployments.Where(d => d.Status == RunStatus.Failed)], [.. Environments.Take(1)], Environments, 2));
    }

    public Task<Page<ApplicationRow>> ApplicationsAsync(PageRequest page, CancellationToken cancellationToken) => Task.FromResult(new Page<ApplicationRow>(
        [new(App, Environments.Count, Builds[0]), new(new("blog", "https://git.example.com/team/blog.git", false, "trunk", 1, Now.AddDays(-3)), 0, null)], null));

    public Task<ApplicationView?> ApplicationAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(name == "shop" ? new ApplicationView(App, "/git/shop.git", Environments, ["ephemeral", "permanent"])
            : name == "blog" ? new ApplicationView(new("blog", "https://git.example.com/team/blog.git", false, "trunk", 1, Now.AddDays(-3)), null, [], ["ephemeral", "permanent"]) : null);

    public Task<SavedConfiguration?> ApplicationConfigurationAsync(string name, int? version, CancellationToken cancellationToken) =>
        Task.FromResult<SavedConfiguration?>(new("shop", null, new(version ?? 2, 0), Text(version ?? 2), Now.AddHours(-3), "ada"));

    public Task<IReadOnlyList<SavedConfiguration>> ApplicationHistoryAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SavedConfiguration>>([new("shop", null, new(2, 0), Text(2), Now.AddHours(-3), "ada"), new("shop", null, new(1, 0), Text(1), Now.AddDays(-12), "owner")]);

    public Task<Page<EnvironmentRow>> EnvironmentsAsync(string? application, bool includeRemoved, PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<EnvironmentRow>(application is null or "shop" ? Environments : [], null));

    public async Task<EnvironmentView?> EnvironmentAsync(string id, CancellationToken cancellationToken)
    {
        var row = Environments.FirstOrDefault(e => e.Environment.Id == id);
        if (row is null) return null;
        var deployment = Deployments.FirstOrDefault(d => d.Environment == id);
        return Change(new(row.Environment, row.Urls, [Service("web", 3, HealthStatus.Progressing), Service("worker", 1, HealthStatus.Healthy), Service("db", 1, HealthStatus.Healthy)],
            deployment is null ? null : await DeploymentAsync(deployment.Id, cancellationToken), Commit, Newer, ["reindex"], null));
    }

    public Task<SavedConfiguration?> EnvironmentConfigurationAsync(string id, ConfigurationVersion? version, CancellationToken cancellationToken) =>
        Task.FromResult<SavedConfiguration?>(new("shop", id, version ?? new(2, 2), Text(version?.Specific ?? 2), Now.AddHours(-1), "ada"));

    public Task<IReadOnlyList<SavedConfiguration>> EnvironmentHistoryAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SavedConfiguration>>([new("shop", id, new(2, 2), Text(2), Now.AddHours(-1), "ada"), new("shop", id, new(2, 1), Text(1), Now.AddDays(-1), "owner")]);

    public Task<IReadOnlyList<GitRef>> RefsAsync(string application, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<GitRef>>(application == "shop" ? Refs : []);

    public Task<Page<Build>> BuildsAsync(string application, PageRequest page, CancellationToken cancellationToken) => Task.FromResult(new Page<Build>(application == "shop" ? Builds : [], null));

    public Task<BuildView?> BuildAsync(long id, CancellationToken cancellationToken)
    {
        var build = Builds.FirstOrDefault(b => b.Id == id);
        if (build is null) return Task.FromResult<BuildView?>(null);
        var start = build.StartedAt ?? Now;
        BuildProgress[] progress = [new("web", Steps(start, build.Status, 0)), new("worker", Steps(start, build.Status, 3))];
        return Task.FromResult<BuildView?>(new(build, NewRun(build.RunId, Stage.Build, build.Status, null, build.StartedAt, build.FinishedAt) with { BuildId = id, Failure = build.Failure }, progress, [],
            Builds.FirstOrDefault(b => b.Id < id && b.Status == RunStatus.Succeeded), Environments, null));
    }

    public Task<Page<Deployment>> DeploymentsAsync(string? application, string? environment, PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<Deployment>([.. Deployments.Where(d => environment is null || d.Environment == environment)], null));

    public Task<DeploymentView?> DeploymentAsync(long id, CancellationToken cancellationToken)
    {
        var deployment = Deployments.FirstOrDefault(d => d.Id == id);
        if (deployment is null) return Task.FromResult<DeploymentView?>(null);
        var environment = Environments.First(e => e.Environment.Id == deployment.Environment).Environment;
        RunView[] runs = [.. deployment.Stages.Select(s => new RunView(NewRun(s.RunId, s.Stage, s.Status, deployment, s.StartedAt, s.FinishedAt), s.Stage == Stage.Build ? BuildTasks(s) : Tasks(s), TimeSpan.FromSeconds(20)))];
        return Task.FromResult<DeploymentView?>(new(deployment, environment, runs, Commit));
    }

    public async Task<RunView?> RunAsync(long id, CancellationToken cancellationToken)
    {
        foreach (var deployment in Deployments)
        {
            if ((await DeploymentAsync(deployment.Id, cancellationToken))?.Runs.FirstOrDefault(r => r.Run.Id == id) is { } run) return run;
        }

        return Builds.FirstOrDefault(b => b.RunId == id) is { } build && await BuildAsync(build.Id, cancellationToken) is { } view ? new RunView(view.Run, [], null) : null;
    }

    public Task<QueueView> QueueAsync(CancellationToken cancellationToken) => Task.FromResult(Queue());

    public Task<Page<ActivityRow>> ActivityAsync(PageRequest page, CancellationToken cancellationToken) => Task.FromResult(new Page<ActivityRow>(
        [new(3, Now.AddMinutes(-2), "push", "deployed", "ted1bc4", "/deployments/128"), new(2, Now.AddHours(-3), "ada", "saved the template of", "shop", "/applications/shop"), new(1, Now.AddDays(-12), "owner", "created", "shop", "/applications/shop")], null));

    public Task<IReadOnlyList<SearchHit>> SearchAsync(string text, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SearchHit>>(
        [.. Environments.Where(e => e.Environment.Id.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(e => new SearchHit("environment", e.Environment.Id, "shop, main", $"/environments/{e.Environment.Id}"))]);

    private static ConfigurationText Text(int version) => new(version > 1 ? Template : Template.Replace("8080", "3000", StringComparison.Ordinal), Variables);

    private EnvironmentRow Row(ReleaseEnvironment environment) =>
        new(environment, [new("web", $"http://web-shop-{environment.Id}.apps.localhost:5080"), new("admin", $"http://admin-shop-{environment.Id}.apps.localhost:5080")], environment.Phase == EnvironmentPhase.Patching ? Stage.Patch : null, Commit);

    private ServiceView Service(string name, int desired, HealthStatus health) => new(name, $"release/shop/{name}:build-12", desired, health,
        [.. Enumerable.Range(1, desired).Select(n => new InstanceView(new($"c{name}{n}0011223344", $"shop-ted1bc4-{name}-{n}", name, "h", InstanceStatus.Running, n < 3, n == 1 ? 1 : 0, Sha, null, Now.AddHours(-3), []),
            n < 3 ? HealthStatus.Healthy : HealthStatus.Progressing, new($"c{name}{n}0011223344", 0.04 * n, 70_000_000L * n, 536_870_912)))]);

    private Build NewBuild(long id, string sha, RunStatus status, DateTimeOffset started, DateTimeOffset? finished) => new(
        id, "shop", sha, "main", "Ada", "Fix cart total", "spec", status, id == 11 ? "rebuild" : "push", "ada", 200 + id,
        status == RunStatus.Succeeded ? [new("web", "web", $"release/shop/web:build-{id}", $"sha256:{id}fc0de0aa11bb22cc33dd44", 18_400_000), new("worker", "worker", $"release/shop/worker:build-{id}", $"sha256:{id}aa99ffee", 12_100_000)] : [],
        started.AddSeconds(-1), started, finished, status == RunStatus.Failed ? new("The build of web failed in step RUN make: it ended with exit code 2.", "make: *** No rule to make target 'all'.", "Mend the Dockerfile or the Makefile and push again. Running environments were not touched.", 12) : null);

    private Deployment NewDeployment(long id, string environment, RunStatus status, Failure? failure)
    {
        var at = status == RunStatus.Running ? Now.AddSeconds(-55) : Now.AddHours(-5);
        DateTimeOffset? end = status == RunStatus.Running ? null : at.AddSeconds(70);
        return new(id, environment, "shop", status, "push", "push", Sha, 12, at, end,
            [new(Stage.Build, RunStatus.Succeeded, id * 10, at, at, at.AddSeconds(41)), new(Stage.Patch, status, id * 10 + 1, at, at.AddSeconds(42), end)], failure);
    }

    private Run NewRun(long id, Stage stage, RunStatus status, Deployment? deployment, DateTimeOffset? started, DateTimeOffset? finished) => new(
        id, stage, "shop", stage == Stage.Build ? null : deployment?.Environment, deployment?.Id, 12, Sha, null, status, 1, "lock", null, "push", "ada", Now.AddMinutes(-1), started, finished, false, null, deployment?.Failure,
        status.IsFinal() && stage != Stage.Build ? new Receipt([new(ReceiptAction.Ran, "job", "migrate", "exit code 0 in 4 s"), new(ReceiptAction.Replaced, "service", "web", "3 instances"), new(ReceiptAction.Kept, "service", "db"), new(ReceiptAction.Kept, "volume", "data")]) : null);

    private static RunStep[] Tasks(DeploymentStage stage)
    {
        var at = stage.StartedAt ?? stage.QueuedAt;
        return
        [
            new("migrate", RunStatus.Succeeded, [new("jobs.migrate", RunStatus.Succeeded, at, at.AddSeconds(4), 3, 14, "exit code 0")]),
            new("code", stage.Status, [new("services.web", stage.Status, at.AddSeconds(4), stage.FinishedAt, 15, stage.FinishedAt is null ? null : 44, stage.Status == RunStatus.Failed ? "never became ready" : "waiting for readiness (2 of 3 ready)"), new("services.worker", RunStatus.Succeeded, at.AddSeconds(4), at.AddSeconds(7), 16, 22, null)]),
            new("after", stage.Status == RunStatus.Succeeded ? RunStatus.Succeeded : stage.Status == RunStatus.Failed ? RunStatus.Canceled : RunStatus.Queued, [new("jobs.warm-cache", stage.Status == RunStatus.Running ? RunStatus.Queued : RunStatus.Canceled, null, null, null, null, null)]),
        ];
    }

    private static RunStep[] BuildTasks(DeploymentStage stage) =>
        [new("images", stage.Status, [new("images.web", stage.Status, stage.StartedAt, stage.FinishedAt, 1, 30, "9 of 12 steps from cache"), new("images.worker", stage.Status, stage.StartedAt, stage.FinishedAt, 2, 28, null)])];

    private static BuildStep[] Steps(DateTimeOffset at, RunStatus status, int offset) =>
    [
        new("a", "[internal] load build definition from Dockerfile", false, at.AddMilliseconds(200), at.AddMilliseconds(300), null),
        new("b", "[1/4] FROM base", true, at.AddSeconds(1), at.AddSeconds(1), null),
        new("c", "[2/4] COPY go.mod go.sum ./", true, at.AddSeconds(1), at.AddSeconds(1), null),
        new("d", "[3/4] RUN --mount=type=cache,target=/root/.cache go build -o /out/app ./cmd/app", false, at.AddSeconds(1 + offset), status == RunStatus.Running && offset > 0 ? null : at.AddSeconds(9 + offset), status == RunStatus.Failed ? "exit code 2" : null),
        new("e", "[4/4] COPY --from=build /out/app /app", false, status == RunStatus.Running ? null : at.AddSeconds(10 + offset), status == RunStatus.Running ? null : at.AddSeconds(11 + offset), null),
    ];

    private QueueView Queue()
    {
        var running = NewRun(1281, Stage.Patch, RunStatus.Running, Deployments[0], Now.AddSeconds(-12), null);
        var waiting = NewRun(1290, Stage.Setup, RunStatus.Queued, Deployments[0], null, null) with { Environment = "ted77a0" };
        var recent = NewRun(1260, Stage.Patch, RunStatus.Succeeded, Deployments[^1], Now.AddHours(-5), Now.AddHours(-5).AddSeconds(22));
        return new([new(running, 0, null, null, null, TimeSpan.FromSeconds(20))], [new(waiting, 1, "ted77a0 is being patched by deployment 125", 1250, TimeSpan.FromSeconds(18), null)], [new(recent, 0, null, null, null, null)], 4);
    }
}
