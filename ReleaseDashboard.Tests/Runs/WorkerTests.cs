using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_WhileARunIsUnderWay_CarriesItOnAtOnce()
    {
        var stages = new ScriptedStages();
        var started = new TaskCompletionSource();
        stages.Script = async (context, token) =>
        {
            started.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return RunResult.Succeeded(Receipt.Empty);
        };
        long deployment;
        await using (var host = await RunHost.StartAsync(_folder.Path, stages))
        {
            await host.ApplicationAsync();
            deployment = (await host.EnvironmentAsync()).Id;
            await started.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        }

        await using var second = await RunHost.StartAsync(_folder.Path);
        var ended = await second.EndedAsync(deployment);
        Assert.Equal(RunStatus.Succeeded, ended.Status);
        var build = (await second.Records.FindRunAsync(ended.Stages[0].RunId, RunHost.Token))!;
        Assert.Equal(2, build.Attempt);
        var log = await second.Logs.ReadAsync(build.LogId, 1, 100, RunHost.Token);
        Assert.Contains(log.Lines, l => l.Text == "Carried on after an interruption, attempt 2.");
        Assert.True(log.Ended);
    }

    [Fact]
    public async Task Cancel_OfARunningStage_EndsCanceledWithAReceipt()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var started = new TaskCompletionSource();
        host.Stages.Script = async (context, token) =>
        {
            if (context.Run.Stage == Stage.Build) return RunResult.Succeeded(Receipt.Empty);
            started.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return RunResult.Succeeded(Receipt.Empty);
        };
        var created = await host.EnvironmentAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        RunHost.Accepted(await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));
        var ended = await host.EndedAsync(created.Id);
        Assert.Equal(RunStatus.Canceled, ended.Status);
        Assert.NotNull((await host.Records.FindRunAsync(ended.Stages[1].RunId, RunHost.Token))!.Receipt);
        RunHost.Refused("already_finished", await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));
    }

    [Fact]
    public async Task EngineAway_HoldsTheRunUp_AndItGoesOnByItself()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var away = true;
        host.Stages.Script = (context, token) => away
            ? throw new EngineUnavailableException("Docker does not answer. Start it with 'sudo systemctl start docker'.")
            : ScriptedStages.SucceedAsync(context, token);
        var created = await host.EnvironmentAsync();
        var waiting = await Eventually.GetAsync(
            async () => await host.Records.FindRunAsync(created.Stages[0].RunId, RunHost.Token) is { Waiting: not null } run ? run : null, "the run says what it waits for");
        Assert.Contains("Docker does not answer", waiting.Waiting, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Running, waiting.Status);
        away = false;
        var ended = await host.EndedAsync(created.Id);
        Assert.Equal(RunStatus.Succeeded, ended.Status);
        Assert.Equal(1, (await host.Records.FindRunAsync(created.Stages[0].RunId, RunHost.Token))!.Attempt);
    }

    [Fact]
    public async Task Attempt_ThatLostItsRun_StopsAtItsFirstWrite_AndTheNextOneEndsTheRun()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var (started, go, lost) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        host.Stages.Script = async (context, token) =>
        {
            if (context.Run.Attempt > 1 || context.Run.Stage != Stage.Setup) return await ScriptedStages.SucceedAsync(context, token);
            started.TrySetResult();
            await go.Task.WaitAsync(token);
            try
            {
                await context.Journal.WriteStepsAsync([], token);
            }
            catch (RunLostException)
            {
                lost.TrySetResult();
                throw;
            }

            return RunResult.Failed(new Failure("The old attempt had the last word."));
        };
        var created = await host.EnvironmentAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        Assert.Equal([created.Stages[1].RunId], await host.Get<IRunRecovery>().TakeOverAsync(8, RunHost.Token));
        go.SetResult();
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(created.Id)).Status);
        Assert.True((await host.Records.FindRunAsync(created.Stages[1].RunId, RunHost.Token))!.Attempt > 1);
    }

    [Fact]
    public async Task Health_IsReadyWhileTheLoopGoesRound_AndNotAfterTheStop()
    {
        IWorkerHealth health;
        await using (var host = await RunHost.StartAsync(_folder.Path))
        {
            health = host.Get<IWorkerHealth>();
            await Eventually.TrueAsync(() => health.Ready, "the worker is ready");
        }

        Assert.False(health.Ready);
    }

    [Fact]
    public async Task UnexpectedException_FailsTheRunInWordsForAPerson()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        host.Stages.Script = (_, _) => throw new InvalidOperationException("something odd");
        var ended = await host.EndedAsync((await host.EnvironmentAsync()).Id);
        Assert.Equal(RunStatus.Failed, ended.Status);
        Assert.Contains("something odd", ended.Failure!.Summary, StringComparison.Ordinal);
        Assert.Equal(EnvironmentPhase.Failed, (await host.FindAsync(ended.Environment)).Phase);
    }

    [Fact]
    public async Task DiskNearlyFull_RefusesNewRuns_AndTheQueueSaysWhy()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        host.Space.Free = 1024;
        await Eventually.TrueAsync(() => host.Get<IStorageGuard>().Problem is not null, "the guard has measured");
        RunHost.Refused("disk_full", await host.Commands.BuildAsync("shop", "main", RunHost.By(), RunHost.Token));
        host.Space.Free = long.MaxValue;
        await Eventually.TrueAsync(() => host.Get<IStorageGuard>().Problem is null, "the guard has measured again");
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync((await host.EnvironmentAsync()).Id)).Status);
    }

    [Fact]
    public async Task Delete_WhileSetupRuns_CancelsItAndGoesNext()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var started = new TaskCompletionSource();
        host.Stages.Script = async (context, token) =>
        {
            if (context.Run.Stage != Stage.Setup) return await ScriptedStages.SucceedAsync(context, token);
            started.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return RunResult.Succeeded(Receipt.Empty);
        };
        var created = await host.EnvironmentAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), RunHost.Token);
        var queued = RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token));
        var teardown = RunHost.Accepted(await host.Commands.DeleteEnvironmentAsync(created.Environment, RunHost.By("delete"), RunHost.Token));
        RunHost.Refused("environment_tearing_down", await host.Commands.SetupAsync(created.Environment, RunHost.By(), RunHost.Token));
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(teardown.Id)).Status);
        Assert.Equal(RunStatus.Canceled, (await host.EndedAsync(created.Id)).Status);
        Assert.Equal(RunStatus.Canceled, (await host.EndedAsync(queued.Id)).Status);
        Assert.Equal(EnvironmentPhase.Removed, (await host.FindAsync(created.Environment)).Phase);
    }
}
