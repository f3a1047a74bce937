using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker.BuildKit;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Planning;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Verdicts;
using ReleaseDashboard.Tests.Docker;
using ReleaseDashboard.Tests.Engines;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Stages;
using ReleaseDashboard.Tests.Support;
using Wanted = ReleaseDashboard.Tests.Engines.Wanted;

namespace ReleaseDashboard.Tests.Verdicts;

/// <summary>Carries out a setup on the real engine that fails in one task, and gives what the verdict was made from.</summary>
internal static class Scenario
{
    private const long Megabyte = 1 << 20;

    /// <param name="Proof">Part of the line that has to be the evidence.</param>
    internal sealed record Case(string Name, string Rule, string? Proof, Func<DesiredState, DesiredState>? Desired, string? Dockerfile = null);

    public static IReadOnlyList<Case> All { get; } =
    [
        Job("job-out-of-memory", "out-of-memory", null, "load", "echo reading all of it; tail /dev/zero", j => j with { Resources = j.Resources with { MemoryLimit = 16 * Megabyte } }),
        Job("job-timeout", "timeout", "waiting for the lock", "load", "echo waiting for the lock; sleep 60", j => j with { TimeoutSeconds = 1 }),
        Job("job-command-not-found", "command-not-found", "no-such-program", "load", "", j => j with { Command = ["no-such-program"] }),
        Job("job-shell-command-not-found", "command-not-found", "not found", "load", "psql --version"),
        Job("job-not-executable", "command-not-found", "ermission denied", "load", "echo text > /tmp/notes; exec /tmp/notes"),
        Job("job-disk-full", "disk-full", "No space left on device", "load", "dd if=/dev/zero of=/dev/shm/file bs=1M count=100"),
        Job("job-permission-denied", "permission-denied", "ermission denied", "load", "echo mounting; mount -t tmpfs none /tmp"),
        Job("job-read-only", "permission-denied", "Read-only file system", "load", "echo 1 > /proc/sys/kernel/pid_max"),
        Job("job-migration-failed", "migration-failed", "already exists", "migrate", "echo applying 0002_add_email; echo 'ERROR:  column \"email\" of relation \"users\" already exists' >&2; exit 1"),
        Job("job-dependency-refused", "dependency-not-ready", "refused", "migrate", "echo connecting; wget -O - http://127.0.0.1:5432/"),
        Job("job-dependency-unknown-host", "dependency-not-ready", "bad address", "load", "echo connecting to db; nc db 5432"),
        Job("job-unknown", "unknown", "error: cannot parse line 7", "load", "echo reading; echo 'error: cannot parse line 7' >&2; exit 3"),
        Service("service-crash-loop", "crash-loop", "DATABASE_URL", ["sh", "-c", "echo 'fatal: DATABASE_URL is not set'; exit 3"], Wanted.Http("/")),
        Service("service-out-of-memory", "out-of-memory", null, ["sh", "-c", "echo warming the cache; tail /dev/zero"], Wanted.Http("/"), s => s with { Resources = s.Resources with { MemoryLimit = 16 * Megabyte } }),
        Service("service-command-not-found", "command-not-found", "no-such-program", ["no-such-program"], Wanted.Http("/")),
        Service("service-dependency-refused", "dependency-not-ready", "refused", ["sh", "-c", "echo starting; wget -O - http://127.0.0.1:6379/ || exit 1"], Wanted.Http("/")),
        Service("service-port-not-listening", "port-not-listening", "never became ready", ["sh", "-c", "echo starting; exec sleep 100"], Wanted.Http("/", period: 0.5, threshold: 3)),
        Service("service-other-port", "port-not-listening", "never became ready", ["sh", "-c", "echo starting; exec httpd -f -p 9090 -h /www"], Wanted.Tcp(8080, 0.5, 3)),
        Service("service-loopback", "listening-on-loopback", "never became ready", ["sh", "-c", "echo starting; exec httpd -f -p 127.0.0.1:8080 -h /www"], Wanted.Http("/", period: 0.5, threshold: 3)),
        Service("service-probe-404", "probe-failing", "never became ready", ["sh", "-c", "echo starting; exec httpd -f -p 8080 -h /www"], Wanted.Http("/health", period: 0.5, threshold: 3)),
        Service("service-probe-command", "probe-failing", "never became ready", ["sh", "-c", "echo starting; exec sleep 100"], new ProbeTemplate(["sh", "-c", "echo cache is cold; exit 7"], null, null, null, 0.5, 2, 3, 0)),
        Service("service-image-unreachable", "image-not-found", "cannot be pulled", ["x"], null, s => s with { Built = false, Image = "localhost:9/no/such-image:1" }),
        Service("service-image-not-found", "image-not-found", "cannot be pulled", ["x"], null, s => s with { Built = false, Image = Registry.Refusing + "/shop/missing:1" }),
        Service("service-image-not-authorised", "image-not-authorised", "cannot be pulled", ["x"], null, s => s with { Built = false, Image = Registry.Closed + "/shop/private:1" }),
        new("build-dns", "build-dns", "bad address", null, "RUN wget http://packages.invalid/list"),
        new("build-command-not-found", "command-not-found", "not found", null, "RUN make all"),
        new("build-disk-full", "disk-full", "No space left on device", null, "RUN dd if=/dev/zero of=/dev/shm/file bs=1M count=100"),
        new("build-unknown", "unknown", "error: missing module", null, "RUN echo 'error: missing module app' && exit 2"),
    ];

    public static async Task<(Failure Failure, FailureFacts Facts)> RunAsync(Case scenario, CancellationToken cancellationToken)
    {
        await TestImages.BusyboxAsync();
        await using var registry = await Registry.StartAsync(cancellationToken);
        var desired = scenario.Desired;
        scenario = scenario with { Desired = d => registry.Named(desired!(d)) };
        return scenario.Dockerfile is null ? await SetUpAsync(scenario, cancellationToken) : await BuildAsync(scenario, cancellationToken);
    }

    private static async Task<(Failure, FailureFacts)> SetUpAsync(Case scenario, CancellationToken cancellationToken)
    {
        using var bench = new StageBench();
        using var logs = new LogFixture();
        var engine = DockerLab.NewEngine();
        var environment = $"verdict-{Guid.NewGuid():N}"[..18];
        var desired = new DesiredState(new EnvironmentScope(environment, "shop", 7, 0, 0, "c0ffee00"), [], [], [], [], []);
        bench.Desired = scenario.Desired!(desired);
        try
        {
            var run = bench.NewRun(Stage.Setup);
            bench.Records.Runs[run.Id] = run;
            var tools = bench.Tools with { Engine = engine, Logs = logs.Store };
            await using var writer = logs.Store.OpenWriter(run.LogId, []);
            var result = await new SetupStage(tools, bench).RunAsync(new StageContext(run, writer, bench.Journal()), cancellationToken);
            var failure = result.Failure ?? throw new InvalidOperationException($"{scenario.Name} did not fail");
            var task = bench.Desired.Value!.Workflows[0].Steps[0].Tasks[0];
            return (failure, await Recorder.FactsAsync(logs.Store, run, task, failure, cancellationToken));
        }
        finally
        {
            await engine.RemoveEnvironmentAsync(environment, new OutputRecorder(), CancellationToken.None);
        }
    }

    private static async Task<(Failure, FailureFacts)> BuildAsync(Case scenario, CancellationToken cancellationToken)
    {
        using var bench = new StageBench();
        using var logs = new LogFixture();
        var run = bench.NewRun(Stage.Build);
        await using var writer = logs.Store.OpenWriter(run.LogId, []);
        var log = new TaskLog(writer, "images.web");
        var build = new Building(scenario.Dockerfile!);
        var result = await new JudgedTasks(build, logs.Store, run).PerformAsync(new PlannedTask("images.web", TaskKind.Image, "web"), log, cancellationToken);
        var failure = result.Failure ?? throw new InvalidOperationException($"{scenario.Name} did not fail");
        return (failure, await Recorder.FactsAsync(logs.Store, run, "images.web", failure, cancellationToken));
    }

    private static Case Job(string name, string rule, string? proof, string job, string script, Func<DesiredJob, DesiredJob>? change = null)
    {
        var wanted = Wanted.Job(job, TestImages.Busybox, ["sh", "-c", script]);
        return new(name, rule, proof, d => d with { Jobs = [change is null ? wanted : change(wanted)], Workflows = [new Workflow("setup", [new WorkflowStep("run", [$"jobs.{job}"], true, true)])] });
    }

    private static Case Service(string name, string rule, string? proof, string[] command, ProbeTemplate? probe, Func<DesiredService, DesiredService>? change = null)
    {
        var wanted = Wanted.Service("web", TestImages.Busybox, "h1", command, probe);
        return new(name, rule, proof, d => d with { Services = [change is null ? wanted : change(wanted)], Workflows = [new Workflow("setup", [new WorkflowStep("code", ["services.web"], true, true)])] });
    }
}
