using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

public sealed class RunHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Green_OfAStage_IsTheNewestBeforeItInTheSameEnvironment()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await AddAsync(host, "ted1", Stage.Setup, RunStatus.Succeeded);
        var green = await AddAsync(host, "ted1", Stage.Patch, RunStatus.Succeeded);
        await AddAsync(host, "ted2", Stage.Patch, RunStatus.Succeeded);
        await AddAsync(host, "ted1", Stage.Patch, RunStatus.Failed);
        var run = await AddAsync(host, "ted1", Stage.Patch, RunStatus.Failed);
        await AddAsync(host, "ted1", Stage.Patch, RunStatus.Succeeded);
        Assert.Equal(green, (await FindAsync(host, run))!.Id);
        Assert.Null(await FindAsync(host, green));
    }

    [Fact]
    public async Task Green_OfABuild_IsOfItsBranchElseOfTheTrackingBranch()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync(new ApplicationEntity { Name = "shop", Repository = "x", TrackingBranch = "main", CreatedAt = DateTimeOffset.UnixEpoch });
        var own = await BuildAsync(host, "feature", RunStatus.Succeeded);
        var main = await BuildAsync(host, "main", RunStatus.Succeeded);
        var red = await BuildAsync(host, "feature", RunStatus.Failed);
        var other = await BuildAsync(host, "new", RunStatus.Failed);
        Assert.Equal(own, (await FindAsync(host, red))!.Id);
        Assert.Equal(main, (await FindAsync(host, other))!.Id);
    }

    private static async Task<Run?> FindAsync(StoreHost host, long run) =>
        await host.Get<IRunHistory>().FindGreenBeforeAsync((await host.Records.FindRunAsync(run, StoreHost.Token))!, StoreHost.Token);

    private static async Task<long> AddAsync(StoreHost host, string environment, Stage stage, RunStatus status)
    {
        var run = Rows.Run(stage, environment);
        run.Status = status;
        await host.AddAsync(run);
        return run.Id;
    }

    private static async Task<long> BuildAsync(StoreHost host, string branch, RunStatus status)
    {
        var run = Rows.BuildRun();
        run.Status = status;
        await host.AddAsync(run);
        var build = Rows.Build(run, status);
        build.Branch = branch;
        await host.AddAsync(build);
        await host.Gate.WriteAsync(
            async (db, token) =>
            {
                (await db.Runs.FindAsync([run.Id], token))!.BuildId = build.Id;
                return true;
            },
            StoreHost.Token);
        return run.Id;
    }
}
