using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Views;

/// <summary>Every row of the queue names what it waits for.</summary>
public sealed class QueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_OfWaitingRuns_NameBuildSlotAndHolder()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false, configure: s => s.Configure<CoreOptions>(o => o.MaxConcurrentRuns = 1));
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        var (build, setup) = (created.Stages[0].RunId, created.Stages[1].RunId);
        Assert.Equal(("the worker, which takes it in a moment", null, 1), await RowAsync(host, build));
        Assert.Equal(($"build {created.BuildId} of shop", build, 2), await RowAsync(host, setup));

        await ClaimAsync(host, build);
        host.Git.Refs["main"] = FakeGit.Sha(2);
        var other = RunHost.Accepted(await host.Commands.BuildAsync("shop", "main", RunHost.By(), RunHost.Token));
        Assert.Equal(("a free slot (1 of 1 busy)", null, 2), await RowAsync(host, other.RunId));
        Assert.Equal(($"build {created.BuildId} of shop", build, 1), await RowAsync(host, setup));
        var rebuild = RunHost.Accepted(await host.Commands.RebuildAsync(created.BuildId!.Value, RunHost.By(), RunHost.Token));
        Assert.Equal(($"build {created.BuildId} of shop, of the same commit", build, 3), await RowAsync(host, rebuild.RunId));

        Assert.True(await host.Get<IRunStore>().FinishAsync(build, 1, RunResult.Succeeded(Receipt.Empty), RunHost.Token));
        await ClaimAsync(host, setup);
        var second = RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token));
        var third = RunHost.Accepted(await host.Commands.SetupAsync(created.Environment, RunHost.By(), RunHost.Token));
        var (waits, _, _) = await RowAsync(host, second.Stages[^1].RunId);
        Assert.Equal($"{created.Environment} is being set up by deployment {created.Id}", waits);
        Assert.Equal(setup, (await FindAsync(host, third.Stages[^1].RunId)).HolderRunId);
    }

    [Fact]
    public async Task Rows_WithTheDiskNearlyFull_SaySo()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        host.Space.Free = 5L << 20;
        await Eventually.TrueAsync(
            async () => (await host.Views.QueueAsync(RunHost.Token)).Waiting.All(r => r.WaitsFor!.StartsWith("The disk of the data directory has 5 MiB left", StringComparison.Ordinal)), "the queue names the disk");
        host.Space.Free = long.MaxValue;
        await Eventually.TrueAsync(async () => (await RowAsync(host, created.Stages[1].RunId)).WaitsFor == $"build {created.BuildId} of shop", "the queue names the build again");
    }

    private static async Task ClaimAsync(RunHost host, long expected) =>
        Assert.Equal(expected, (await host.Get<IRunStore>().ClaimAsync("w", TimeSpan.FromSeconds(30), RunHost.Token))!.Id);

    private static async Task<QueueRow> FindAsync(RunHost host, long run) => (await host.Views.QueueAsync(RunHost.Token)).Waiting.Single(r => r.Run.Id == run);

    private static async Task<(string? WaitsFor, long? Holder, int Position)> RowAsync(RunHost host, long run) =>
        await FindAsync(host, run) is var row ? (row.WaitsFor, row.HolderRunId, row.Position) : default;
}
