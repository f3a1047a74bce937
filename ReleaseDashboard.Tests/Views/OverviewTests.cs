using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Views;

/// <summary>What failed stands on the overview until it is mended or gone.</summary>
public sealed class OverviewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Failed_Deployment_StaysUntilOneSucceeds()
    {
        var fail = true;
        await using var host = await RunHost.StartAsync(_folder.Path, Failing(run => fail && run.Stage == Stage.Setup));
        await host.ApplicationAsync();
        var first = await host.EndedAsync((await host.EnvironmentAsync()).Id);
        Assert.Equal(first.Id, Assert.Single(await FailedAsync(host)));
        var second = await host.EndedAsync(RunHost.Accepted(await host.Commands.SetupAsync(first.Environment, RunHost.By(), RunHost.Token)).Id);
        Assert.Equal(second.Id, Assert.Single(await FailedAsync(host)));

        fail = false;
        await host.EndedAsync(RunHost.Accepted(await host.Commands.SetupAsync(first.Environment, RunHost.By(), RunHost.Token)).Id);
        Assert.Empty(await FailedAsync(host));
    }

    [Fact]
    public async Task Failed_OfARemovedEnvironment_IsGone()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, Failing(run => run.Stage == Stage.Setup));
        await host.ApplicationAsync();
        var first = await host.EndedAsync((await host.EnvironmentAsync()).Id);
        Assert.Single(await FailedAsync(host));
        await host.EndedAsync(RunHost.Accepted(await host.Commands.DeleteEnvironmentAsync(first.Environment, RunHost.By(), RunHost.Token)).Id);
        Assert.Empty(await FailedAsync(host));
    }

    [Fact]
    public async Task FailedBuild_IsTold_UntilItsBranchIsBuiltAgain()
    {
        var fail = true;
        await using var host = await RunHost.StartAsync(_folder.Path, Failing(run => fail && run.Stage == Stage.Build));
        await host.ApplicationAsync();
        var build = RunHost.Accepted(await host.Commands.BuildAsync("shop", "main", RunHost.By(), RunHost.Token));
        await Eventually.TrueAsync(async () => (await host.Views.OverviewAsync(RunHost.Token)).FailedBuilds.Any(b => b.Id == build.Id), "the failed build is told");

        // A deployment that failed with its build is told once.
        await host.EndedAsync((await host.EnvironmentAsync()).Id);
        var both = await host.Views.OverviewAsync(RunHost.Token);
        Assert.Single(both.Failed);
        Assert.DoesNotContain(both.FailedBuilds, b => b.Id == both.Failed[0].BuildId);

        fail = false;
        await host.EndedAsync(RunHost.Accepted(await host.Commands.SetupAsync(both.Failed[0].Environment, RunHost.By(), RunHost.Token)).Id);
        Assert.Empty((await host.Views.OverviewAsync(RunHost.Token)).FailedBuilds);
    }

    private static async Task<List<long>> FailedAsync(RunHost host) => [.. (await host.Views.OverviewAsync(RunHost.Token)).Failed.Select(d => d.Id)];

    private static ScriptedStages Failing(Func<Run, bool> fails) => new()
    {
        Script = async (context, token) => fails(context.Run) ? RunResult.Failed(new Failure("It did not work."), Receipt.Empty) : await ScriptedStages.SucceedAsync(context, token),
    };
}
