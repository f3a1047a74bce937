using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

public sealed class CancelQueuedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cancel_OfAQueuedDeployment_EndsItAndItsBuildAtOnce_AndNothingIsLeftInTheQueue()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        var canceled = RunHost.Accepted(await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));
        Assert.Equal(RunStatus.Canceled, canceled.Status);
        Assert.All(canceled.Stages, s => Assert.Equal(RunStatus.Canceled, s.Status));
        var run = (await host.Records.FindRunAsync(canceled.Stages[1].RunId, RunHost.Token))!;
        Assert.Equal((0, "Canceled by ann before it started.", null), (run.Attempt, run.Failure!.Summary, run.Receipt));
        Assert.Equal(RunStatus.Canceled, (await host.Records.FindBuildAsync(created.BuildId!.Value, RunHost.Token))!.Status);
        Assert.Empty((await host.Views.QueueAsync(RunHost.Token)).Waiting);
        Assert.Null(await host.Get<IRunStore>().ClaimAsync("w", TimeSpan.FromSeconds(30), RunHost.Token));
        RunHost.Refused("already_finished", await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));

        var again = RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token));
        Assert.NotEqual(created.BuildId, again.BuildId);
    }

    [Fact]
    public async Task Cancel_OfADeploymentWhoseBuildAnotherWants_LeavesTheBuildQueued()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        var (first, second) = (await host.EnvironmentAsync(), await host.EnvironmentAsync());
        Assert.Equal(RunStatus.Canceled, RunHost.Accepted(await host.Commands.CancelDeploymentAsync(first.Id, RunHost.By(), RunHost.Token)).Status);
        Assert.Equal(RunStatus.Queued, (await host.Records.FindBuildAsync(first.BuildId!.Value, RunHost.Token))!.Status);
        Assert.Equal(RunStatus.Queued, (await host.Records.FindDeploymentAsync(second.Id, RunHost.Token))!.Status);
        RunHost.Accepted(await host.Commands.CancelDeploymentAsync(second.Id, RunHost.By(), RunHost.Token));
        Assert.Equal(RunStatus.Canceled, (await host.Records.FindBuildAsync(first.BuildId!.Value, RunHost.Token))!.Status);
    }

    [Fact]
    public async Task Cancel_OfAQueuedBuild_EndsTheDeploymentsThatWaitForIt()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        Assert.Equal(RunStatus.Canceled, RunHost.Accepted(await host.Commands.CancelBuildAsync(created.BuildId!.Value, RunHost.By(), RunHost.Token)).Status);
        var ended = (await host.Records.FindDeploymentAsync(created.Id, RunHost.Token))!;
        Assert.Equal(RunStatus.Canceled, ended.Status);
        Assert.Equal($"Not started: build {created.BuildId} was canceled.", (await host.Records.FindRunAsync(ended.Stages[1].RunId, RunHost.Token))!.Failure!.Summary);
        RunHost.Refused("already_finished", await host.Commands.CancelBuildAsync(created.BuildId.Value, RunHost.By(), RunHost.Token));
    }

    [Fact]
    public async Task Cancel_OfARunThatWaitsBehindAnother_LeavesTheOtherRunning()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var (started, hold) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Stages.Script = async (context, token) =>
        {
            if (context.Run.Stage == Stage.Setup) started.TrySetResult();
            if (context.Run.Stage == Stage.Setup) await hold.Task.WaitAsync(token);
            return await ScriptedStages.SucceedAsync(context, token);
        };
        var created = await host.EnvironmentAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        var waiting = RunHost.Accepted(await host.Commands.SetupAsync(created.Environment, RunHost.By(), RunHost.Token));
        RunHost.Accepted(await host.Commands.CancelDeploymentAsync(waiting.Id, RunHost.By(), RunHost.Token));
        Assert.Equal(RunStatus.Canceled, (await host.EndedAsync(waiting.Id)).Status);
        hold.SetResult();
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(created.Id)).Status);
    }
}
