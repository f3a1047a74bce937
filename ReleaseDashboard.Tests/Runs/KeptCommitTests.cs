using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>What is asked for while a push is on its way does not undo the push.</summary>
public sealed class KeptCommitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _go = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Setup_BehindAPush_KeepsThePushedCommit()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        var environment = await PushedAsync(host);
        var setup = RunHost.Accepted(await host.Commands.SetupAsync(environment, RunHost.By("setup"), RunHost.Token));
        Assert.Equal(FakeGit.Sha(2), setup.Commit);
        _go.SetResult();
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(setup.Id)).Status);
        Assert.Equal(FakeGit.Sha(2), (await host.FindAsync(environment)).Commit);
        Assert.Single(host.Stages.Ran, r => r == $"build {FakeGit.Sha(2)}");
    }

    [Fact]
    public async Task Setup_BehindAPushThatWasCanceled_KeepsWhatRuns()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        var environment = await PushedAsync(host);
        var pushed = (await host.Views.EnvironmentAsync(environment, RunHost.Token))!.Current!.Deployment.Id;
        RunHost.Accepted(await host.Commands.CancelDeploymentAsync(pushed, RunHost.By("cancel"), RunHost.Token));
        Assert.Equal(FakeGit.Sha(1), RunHost.Accepted(await host.Commands.SetupAsync(environment, RunHost.By("setup"), RunHost.Token)).Commit);
        _go.SetResult();
    }

    [Fact]
    public async Task Resume_BehindPauseAndPush_KeepsThePushedCommit()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        var environment = await PushedAsync(host);
        var pause = RunHost.Accepted(await host.Commands.PauseAsync(environment, RunHost.By("pause"), RunHost.Token));
        var resume = RunHost.Accepted(await host.Commands.ResumeAsync(environment, RunHost.By("resume"), RunHost.Token));
        Assert.Equal(FakeGit.Sha(2), resume.Commit);
        _go.SetResult();
        await host.EndedAsync(resume.Id);
        Assert.Equal(FakeGit.Sha(2), (await host.FindAsync(environment)).Commit);
        Assert.Equal(FakeGit.Sha(2), (await host.EndedAsync(pause.Id)).Commit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Workflow_BehindAPush_RunsWithWhatThePushLeft(bool patchSucceeds)
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        var environment = await PushedAsync(host, patchSucceeds);
        var workflow = RunHost.Accepted(await host.Commands.RunWorkflowAsync(environment, "report", RunHost.By("workflow"), RunHost.Token));
        Assert.Null(workflow.Commit);
        _go.SetResult();

        var ended = await host.EndedAsync(workflow.Id);

        var expected = FakeGit.Sha(patchSucceeds ? 2 : 1);
        Assert.Equal((RunStatus.Succeeded, expected), (ended.Status, ended.Commit));
        Assert.Equal((expected, ended.BuildId), ((await host.FindAsync(environment)).Commit, (await host.FindAsync(environment)).BuildId));
    }

    [Fact]
    public async Task Workflow_ThatWritesWhatIsApplied_ChangesNoCommit()
    {
        await using var host = await RunHost.StartAsync(_folder.Path);
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        await host.EndedAsync(created.Id);
        host.Stages.Script = async (context, token) =>
        {
            var scope = new EnvironmentScope(created.Environment, "shop", 1, context.Run.Id, context.Run.Attempt, FakeGit.Sha(9));
            await context.Journal.WriteAppliedAsync(new DesiredState(scope, [], [], [], [], []), null, token);
            return RunResult.Succeeded(Receipt.Empty);
        };
        var workflow = RunHost.Accepted(await host.Commands.RunWorkflowAsync(created.Environment, "report", RunHost.By("workflow"), RunHost.Token));
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(workflow.Id)).Status);
        Assert.Equal(FakeGit.Sha(1), (await host.FindAsync(created.Environment)).Commit);
    }

    /// <summary>An environment at the first commit, with a patch to the second that waits for <see cref="_go"/> in its build.</summary>
    private async Task<string> PushedAsync(RunHost host, bool patchSucceeds = true)
    {
        await host.ApplicationAsync();
        var created = await host.EnvironmentAsync();
        await host.EndedAsync(created.Id);
        host.Stages.Script = async (context, token) =>
        {
            if (context.Run.Stage == Stage.Build) await _go.Task.WaitAsync(token);
            return context.Run.Stage == Stage.Patch && !patchSucceeds ? RunResult.Failed(new Failure("web never became ready")) : await ScriptedStages.SucceedAsync(context, token);
        };
        host.Git.Refs["main"] = FakeGit.Sha(2);
        RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By("push"), RunHost.Token));
        return created.Environment;
    }
}
