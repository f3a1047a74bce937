using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Routing;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>The process dies at every place a run passes, one after the other, and is started again: the end is always the same.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(Stage.Setup, false)]
    [InlineData(Stage.Setup, true)]
    [InlineData(Stage.Patch, true)]
    [InlineData(Stage.Teardown, true)]
    public async Task Run_KilledAtAnyPoint_EndsTheSameAndRunsNoJobTwice(Stage stage, bool setUpBefore)
    {
        var points = 0;
        for (var at = 1; await DiesAsync(stage, setUpBefore, at); at++) points = at;
        Assert.True(points > 20, $"Only {points} crash points were passed.");
    }

    /// <summary>A job that was recorded as failed before the process died is judged by the same rules as one that is watched to its end.</summary>
    [Theory]
    [InlineData(137, true, "out-of-memory")]
    [InlineData(127, false, "command-not-found")]
    [InlineData(3, false, "migration-failed")]
    public async Task FailedJob_FoundAgainAtAnyPoint_HasTheSameVerdict(int exitCode, bool outOfMemory, string rule)
    {
        var points = 0;
        for (var at = 1; await FailsAsync(at, exitCode, outOfMemory, rule); at++) points = at;
        Assert.True(points > 10, $"Only {points} crash points were passed.");
    }

    private static async Task<bool> FailsAsync(int at, int exitCode, bool outOfMemory, string rule)
    {
        using var bench = new StageBench { Desired = Wanted.Shop() };
        bench.Engine.Jobs["migrate"] = new FakeJobScript { Lines = ["one", "error: it broke", "three"], ExitCode = exitCode, OutOfMemory = outOfMemory };
        var run = bench.NewRun(Stage.Setup);
        var journal = bench.Journal(Crashing.Armed);
        bench.Crashes.Arm(at);
        RunResult? result = null;
        try
        {
            result = await bench.RunAsync(run, journal, TestContext.Current.CancellationToken);
        }
        catch (CrashException)
        {
            // Died, as it should.
        }

        var where = bench.Crashes.Where;
        if (where is not null)
        {
            bench.RestartProcess();
            result = await bench.RunAsync(run with { Attempt = 2 }, journal, TestContext.Current.CancellationToken);
        }

        Assert.True(result!.Failure?.Rule == rule, $"Killed at {at}, {where}: {result.Failure}");
        Assert.Equal("error: it broke", result.Failure!.Evidence);
        Assert.Equal("error: it broke", bench.Logs.Lines(run.LogId).Single(l => l.Number == result.Failure.Line).Text);
        return where is not null;
    }

    /// <returns>False when the run ended before that point.</returns>
    private static async Task<bool> DiesAsync(Stage stage, bool setUpBefore, int at)
    {
        using var bench = new StageBench();
        if (setUpBefore) await bench.SetUpAsync();
        bench.Engine.Calls.Clear();
        bench.Desired = setUpBefore && stage != Stage.Teardown ? Wanted.Shop(web: "web-2") : Wanted.Shop();
        bench.Engine.Jobs["migrate"] = new FakeJobScript { Lines = ["one", "two", "three"] };
        var untouched = (await bench.InstancesAsync("db")).Select(i => i.Id).ToList();

        var run = bench.NewRun(stage);
        var journal = bench.Journal(Crashing.Armed);
        bench.Crashes.Arm(at);
        try
        {
            await bench.RunAsync(run, journal, TestContext.Current.CancellationToken);
        }
        catch (CrashException)
        {
            // Died, as it should.
        }

        var where = bench.Crashes.Where;
        if (where is not null)
        {
            bench.RestartProcess();
            await new RouteLoader(bench.Engine, bench.Records, bench.Routes, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RouteLoader>.Instance)
                .StartAsync(TestContext.Current.CancellationToken);
            var again = await bench.RunAsync(run with { Attempt = 2 }, journal, TestContext.Current.CancellationToken);
            Assert.True(again.Status == RunStatus.Succeeded, $"Killed at {at}, {where}: {again.Failure}");
        }

        Assert.True(bench.Started("migrate") == 1, $"Killed at {at}, {where}: the job was started {bench.Started("migrate")} times.");
        var printed = bench.Logs.Lines(run.LogId).Where(l => l.Task == "jobs.migrate" && l.Source == LogSource.Out).Select(l => l.Text);
        Assert.True(printed.SequenceEqual(["one", "two", "three"]), $"Killed at {at}, {where}: {string.Join(',', printed)}");
        await CheckEndAsync(bench, stage, $"Killed at {at}, {where}", untouched);
        return where is not null;
    }

    private static async Task CheckEndAsync(StageBench bench, Stage stage, string killed, List<string> untouched)
    {
        var observed = await bench.Engine.ObserveAsync(StageBench.Id, TestContext.Current.CancellationToken);
        Assert.True(observed.Jobs.Count == 0, $"{killed}: a job is left.");
        if (stage == Stage.Teardown)
        {
            Assert.True(observed.IsEmpty, killed);
            Assert.Null(bench.Routes.Find(Wanted.WebRoute.Hostname));
            return;
        }

        var desired = bench.Desired.Value!;
        Assert.True(observed.Instances.Select(i => (i.Service, i.Hash)).Order().SequenceEqual(desired.Services.Select(s => (s.Name, s.Hash)).Order()), $"{killed}: {string.Join(", ", observed.Instances)}");
        if (untouched.Count > 0) Assert.Equal(untouched, observed.Instances.Where(i => i.Service == "db").Select(i => i.Id));
        Assert.True(observed.HasSpace && observed.Volumes.Contains("data"), killed);
        var web = observed.Instances.Single(i => i.Service == "web");
        Assert.True(bench.Routes.Find(Wanted.WebRoute.Hostname)?.Endpoints.SingleOrDefault()?.InstanceId == web.Id, $"{killed}: the route does not lead to {web.Id}.");
        var applied = bench.Records.Applied(StageBench.Id);
        Assert.Equal(web.Hash, applied.Services["web"]);
        Assert.Equal(web.Hash, applied.Desired!.Services.Single(s => s.Name == "web").Hash);
    }
}
