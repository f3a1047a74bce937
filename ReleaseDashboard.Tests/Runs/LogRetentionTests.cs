using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Store;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

public sealed class LogRetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LogOptions Options = new() { RetentionDays = 10, MaxMegabytesPerEnvironment = 10 };

    [Fact]
    public void Choose_Old_GoesButNotTheLastOfALivingOwner()
    {
        var chosen = RetentionRule.Choose(
            [
                Log("run-1", days: 40), Log("run-2", days: 30), Log("run-3", days: 20, kind: "setup"), Log("run-4", days: 5),
                Log("run-5", days: 40, owner: "gone", living: false), Log("run-6", days: 50, over: false), Log("run-7", days: 50, writing: true),
            ],
            Options, Now);
        Assert.Equal(["run-1", "run-2", "run-5"], chosen.Select(c => c.LogId).Order());
        Assert.All(chosen, c => Assert.Equal("Logs are kept for 10 days after they end (Release:Logs:RetentionDays).", c.Reason));
    }

    [Fact]
    public void Choose_TooMuch_TakesTheOldestUntilItFits()
    {
        var chosen = RetentionRule.Choose(
            [Log("run-1", 4, 4), Log("run-2", 3, 4), Log("run-3", 2, 4), Log("run-4", 1, 4), Log("run-9", 9, 4, owner: "other")], Options, Now);
        Assert.Equal(["run-1", "run-2"], chosen.Select(c => c.LogId));
        Assert.All(chosen, c => Assert.Contains("ted1 took more than 10 MB", c.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_OneGiantThatRuns_TakesNothingElseThatMustStay() =>
        Assert.Empty(RetentionRule.Choose([Log("run-1", 1, 5, kind: "setup"), Log("run-2", 0, 50, writing: true)], Options, Now));

    [Fact]
    public async Task Tend_KnowsWhoseLogsTheyAre()
    {
        using var folder = new TemporaryFolder();
        await using var host = await StoreHost.StartAsync(folder.Path);
        await host.AddAsync(Rows.Environment("ted1"));
        await host.AddAsync(Rows.Environment("ted9", EnvironmentPhase.Removed));
        string[] runs = [await RunAsync("ted1"), await RunAsync("ted1"), await RunAsync("ted9"), await RunAsync("ted1", over: false)];
        var store = LogFixture.Open(folder.Path);
        using var timelines = new LogTimelines(Microsoft.Extensions.Options.Options.Create(new CoreOptions { DataDirectory = folder.Path }), store);
        foreach (var logId in runs.Concat(["instance-ted1-abc", "instance-ted1-def", "instance-ted1-old", "instance-ted1-new", "instance-ted9-abc", "instance-ted9-live"]))
        {
            await using var writer = store.OpenWriter(logId, []);
            await writer.OutAsync("a");
            if (!logId.EndsWith("live", StringComparison.Ordinal)) writer.Complete();
        }
        // In this order they were written.
        foreach (var (id, age) in new[] { ("old", 4), ("new", 3), ("abc", 2), ("def", 1) }) File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "logs", $"instance-ted1-{id}.idx"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-age));
        foreach (var (id, service) in new[] { ("old", "db"), ("new", "db"), ("abc", "web"), ("def", "web") }) timelines.Advance($"service-ted1_{service}", new TimelineMember($"instance-ted1-{id}", id));
        host.Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(31));
        var retention = new LogRetention(store, timelines, host.Get<ILogOwners>(), host.Records, Microsoft.Extensions.Options.Options.Create(new CoreOptions { DataDirectory = folder.Path }), host.Time, NullLogger<LogRetention>.Instance);

        var pruned = await retention.TendAsync(StoreHost.Token);

        // Of ted1 a run that is not over stays, which is its last, and the last instance of each service.
        Assert.Equal(pruned.Order(), store.List("").Where(id => store.State(id).Pruned is not null).Order());
        Assert.Contains(runs[2], pruned);
        Assert.DoesNotContain(runs[3], pruned);
        Assert.Contains("instance-ted9-abc", pruned);
        Assert.Contains("instance-ted9-live", pruned);
        Assert.Equal(["instance-ted1-abc", "instance-ted1-old"], pruned.Where(id => id.StartsWith("instance-ted1-", StringComparison.Ordinal)).Order());

        async Task<string> RunAsync(string environment, bool over = true)
        {
            var run = await host.QueueAsync(environment);
            if (over) await host.Gate.WriteAsync((db, _) => { db.Attach(run); run.Status = RunStatus.Succeeded; return Task.FromResult(true); }, StoreHost.Token);
            return $"run-{run.Id}";
        }
    }

    private static OwnedLog Log(string id, int days, int megabytes = 1, string owner = "ted1", string kind = "patch", bool living = true, bool over = true, bool writing = false) =>
        new(new KeptLog(id, megabytes * 1024L * 1024, Now.AddDays(-days), over, writing, over), owner, kind, living, over);
}
