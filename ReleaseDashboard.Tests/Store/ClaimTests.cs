using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store.Entities;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

public sealed class ClaimTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Claim_ByEightWorkers_GivesEveryRunToExactlyOneAndNeverTwoOfAnEnvironment()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync([.. Enumerable.Range(0, 20).Select(i => Rows.Environment($"ted{i:x4}"))]);
        await host.AddAsync([.. Enumerable.Range(0, 200).Select(i => Rows.Run(Stage.Patch, $"ted{i % 20:x4}"))]);
        var claimed = new ConcurrentBag<long>();
        var busy = new ConcurrentDictionary<string, int>();
        var overlaps = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            while (claimed.Count < 200)
            {
                if (await host.Runs.ClaimAsync($"w{worker}", Lease, StoreHost.Token) is not { } run) continue;
                if (!busy.TryAdd(run.LockKey, worker)) Interlocked.Increment(ref overlaps);
                claimed.Add(run.Id);
                busy.TryRemove(run.LockKey, out _);
                Assert.True(await host.Runs.FinishAsync(run.Id, run.Attempt, RunResult.Succeeded(Receipt.Empty), StoreHost.Token));
            }
        })));

        Assert.Equal(200, claimed.Distinct().Count());
        Assert.Equal(200, claimed.Count);
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task Index_WhateverTheCodeDoes_RefusesTwoRunningRunsOfOneEnvironment()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var first = Rows.Run(Stage.Patch, "ted0001");
        var second = Rows.Run(Stage.Patch, "ted0001");
        first.Status = RunStatus.Running;
        await host.AddAsync(first, second);
        second.Status = RunStatus.Running;
        await Assert.ThrowsAsync<DbUpdateException>(() => host.Gate.WriteAsync(
            (db, _) =>
            {
                db.Update(second);
                return Task.FromResult(true);
            },
            StoreHost.Token));
    }

    [Fact]
    public async Task Claim_OfOneEnvironment_KeepsTheOrder()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var first = await host.QueueAsync("ted0001");
        var second = await host.QueueAsync("ted0001");
        var elsewhere = await host.QueueAsync("ted0002");

        Assert.Equal(first.Id, (await ClaimAsync(host))!.Id);
        Assert.Equal(elsewhere.Id, (await ClaimAsync(host))!.Id);
        Assert.Null(await ClaimAsync(host));
        await host.Runs.FinishAsync(first.Id, 1, RunResult.Succeeded(Receipt.Empty), StoreHost.Token);
        Assert.Equal(second.Id, (await ClaimAsync(host))!.Id);
    }

    [Fact]
    public async Task Claim_WhileAnOlderOneWaitsForItsBuild_DoesNotOvertake()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var build = Rows.BuildRun();
        await host.AddAsync(build);
        var waits = await host.QueueAsync("ted0001", after: build.Id);
        await host.QueueAsync("ted0001");

        Assert.Equal(build.Id, (await ClaimAsync(host))!.Id);
        Assert.Null(await ClaimAsync(host));
        await host.Runs.FinishAsync(build.Id, 1, RunResult.Succeeded(Receipt.Empty), StoreHost.Token);
        Assert.Equal(waits.Id, (await ClaimAsync(host))!.Id);
    }

    [Fact]
    public async Task Claim_OfPushes_LeavesOutThoseANewerReadyOneReplaces()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var slow = Rows.BuildRun("later");
        await host.AddAsync(Rows.Environment("ted0001"), slow);
        var first = await host.QueueAsync("ted0001", trigger: "push");
        var second = await host.QueueAsync("ted0001", trigger: "push");
        var notReady = await host.QueueAsync("ted0001", trigger: "push", after: slow.Id);

        Assert.Equal(slow.Id, (await ClaimAsync(host))!.Id);
        Assert.Equal(second.Id, (await ClaimAsync(host))!.Id);
        var replaced = (await host.Records.FindRunAsync(first.Id, StoreHost.Token))!;
        Assert.Equal(RunStatus.Superseded, replaced.Status);
        Assert.Equal(RunStatus.Superseded, (await host.Records.FindDeploymentAsync(first.DeploymentId!.Value, StoreHost.Token))!.Status);
        Assert.Equal(RunStatus.Queued, (await host.Records.FindRunAsync(notReady.Id, StoreHost.Token))!.Status);
    }

    [Fact]
    public async Task Superseded_WhileItsOwnBuildStillRuns_EndsItsDeploymentAtOnceAndLeavesTheBuildAlone()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync(Rows.Environment("ted0001"));
        var build = Rows.BuildRun("slow");
        await host.AddAsync(build);
        var row = Rows.Build(build);
        await host.AddAsync(row);
        var old = await host.QueueAsync("ted0001", trigger: "push", after: build.Id);
        await host.AddAsync(new DeploymentStageEntity { DeploymentId = old.DeploymentId!.Value, Position = 1, Stage = Stage.Build, RunId = build.Id });
        Assert.Equal(build.Id, (await ClaimAsync(host))!.Id);
        var newer = await host.QueueAsync("ted0001", trigger: "push");

        Assert.Equal(newer.Id, (await ClaimAsync(host))!.Id);
        var deployment = (await host.Records.FindDeploymentAsync(old.DeploymentId!.Value, StoreHost.Token))!;
        Assert.Equal(RunStatus.Superseded, deployment.Status);
        Assert.Equal((RunStatus.Running, false), ((await host.Records.FindRunAsync(build.Id, StoreHost.Token))! is { } under ? (under.Status, under.CancelRequested) : default));
        Assert.NotNull(deployment.FinishedAt);

        Assert.True(await host.Runs.FinishAsync(build.Id, 1, RunResult.Failed(new Failure("Step 2 failed")), StoreHost.Token));
        deployment = (await host.Records.FindDeploymentAsync(old.DeploymentId!.Value, StoreHost.Token))!;
        Assert.Equal((RunStatus.Superseded, "A newer push to the same environment took its place."), (deployment.Status, deployment.Failure!.Summary));
        Assert.True(await host.Runs.FinishAsync(newer.Id, 1, RunResult.Succeeded(Receipt.Empty), StoreHost.Token));
        Assert.Null(await ClaimAsync(host));
        await using var db = await host.OpenAsync();
        Assert.False(await db.Runs.AnyAsync(r => r.Status == RunStatus.Queued || r.Status == RunStatus.Running, StoreHost.Token));
    }

    [Fact]
    public async Task Claim_OfWhatAPersonAskedFor_IsNeverSuperseded()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var byHand = await host.QueueAsync("ted0001", Stage.Setup, "setup");
        await host.QueueAsync("ted0001", trigger: "push");
        Assert.Equal(byHand.Id, (await ClaimAsync(host))!.Id);
    }

    [Fact]
    public async Task Release_WithATime_IsNotClaimedBefore()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var run = await host.QueueAsync("ted0001");
        await ClaimAsync(host);
        Assert.True(await host.Runs.ReleaseAsync(run.Id, 1, "Later.", host.Time.GetUtcNow().AddSeconds(5), StoreHost.Token));
        Assert.Null(await ClaimAsync(host));
        host.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, (await ClaimAsync(host))!.Attempt);
    }

    private static Task<Run?> ClaimAsync(StoreHost host) => host.Runs.ClaimAsync("w", Lease, StoreHost.Token);
}
