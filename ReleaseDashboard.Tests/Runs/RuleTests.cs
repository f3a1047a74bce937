using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

public sealed class RuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Patch_BeforeSetup_IsRefusedByName_AndDeployRunsSetup()
    {
        await using var host = await StartAsync(work: false);
        var environment = (await host.EnvironmentAsync()).Environment;
        RunHost.Refused("setup_required", await host.Commands.DeployAsync(environment, null, null, Stage.Patch, RunHost.By(), RunHost.Token));
        var deployed = RunHost.Accepted(await host.Commands.DeployAsync(environment, null, null, null, RunHost.By(), RunHost.Token));
        Assert.Equal([Stage.Build, Stage.Setup], deployed.Stages.Select(s => s.Stage));
    }

    [Fact]
    public async Task Life_FromCreateToDelete_MovesThroughItsPhases()
    {
        await using var host = await StartAsync();
        var created = await host.EnvironmentAsync();
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(created.Id)).Status);
        var ready = await host.FindAsync(created.Environment);
        Assert.Equal((EnvironmentPhase.Ready, true, false), (ready.Phase, ready.SetupSucceeded, ready.SetupRequired));
        Assert.Equal(FakeGit.Sha(1), ready.Commit);

        host.Git.Refs["main"] = FakeGit.Sha(2);
        var patch = RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token));
        Assert.Equal([Stage.Build, Stage.Patch], patch.Stages.Select(s => s.Stage));
        await host.EndedAsync(patch.Id);
        Assert.Equal(FakeGit.Sha(2), (await host.FindAsync(created.Environment)).Commit);

        var pause = RunHost.Accepted(await host.Commands.PauseAsync(created.Environment, RunHost.By("pause"), RunHost.Token));
        await host.EndedAsync(pause.Id);
        Assert.Equal(EnvironmentPhase.Paused, (await host.FindAsync(created.Environment)).Phase);
        RunHost.Refused("environment_paused", await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By("push"), RunHost.Token));
        var resume = RunHost.Accepted(await host.Commands.ResumeAsync(created.Environment, RunHost.By("resume"), RunHost.Token));
        await host.EndedAsync(resume.Id);
        Assert.Equal(EnvironmentPhase.Ready, (await host.FindAsync(created.Environment)).Phase);
        Assert.Single(host.Stages.Ran, r => r == $"build {FakeGit.Sha(2)}");

        var view = (await host.Views.EnvironmentAsync(created.Environment, RunHost.Token))!;
        Assert.Equal($"http://web-{created.Environment}.apps.localhost:5080", Assert.Single(view.Urls).Url);
        Assert.Equal(resume.Id, view.Current!.Deployment.Id);

        var teardown = RunHost.Accepted(await host.Commands.DeleteEnvironmentAsync(created.Environment, RunHost.By("delete"), RunHost.Token));
        await host.EndedAsync(teardown.Id);
        Assert.Equal(EnvironmentPhase.Removed, (await host.FindAsync(created.Environment)).Phase);
        RunHost.Refused("environment_removed", await host.Commands.SetupAsync(created.Environment, RunHost.By(), RunHost.Token));
        RunHost.Refused("environment_removed", await host.Commands.DeleteEnvironmentAsync(created.Environment, RunHost.By(), RunHost.Token));
    }

    [Fact]
    public async Task Environments_OfOneCommit_ShareItsBuild_AndRebuildMakesANewOne()
    {
        await using var host = await StartAsync(work: false);
        var first = await host.EnvironmentAsync();
        var second = await host.EnvironmentAsync();
        Assert.Equal(first.BuildId, second.BuildId);
        Assert.Equal(first.Stages[0].RunId, second.Stages[0].RunId);
        var rebuilt = RunHost.Accepted(await host.Commands.RebuildAsync(first.BuildId!.Value, RunHost.By(), RunHost.Token));
        Assert.NotEqual(first.BuildId, rebuilt.Id);
        Assert.Equal(first.Commit, rebuilt.Commit);
    }

    [Fact]
    public async Task Command_WithTheSameKey_IsCarriedOutOnce()
    {
        await using var host = await StartAsync(work: false);
        var request = new NewEnvironment("shop", "main", null, EnvironmentKind.Permanent, "staging");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Commands.CreateEnvironmentAsync(request, RunHost.By("create", "k"), RunHost.Token)));
        Assert.Single(answers.Select(a => RunHost.Accepted(a).Id).Distinct());
        RunHost.Refused("idempotency_key_reused", await host.Commands.CreateEnvironmentAsync(request with { Name = "other" }, RunHost.By("create", "k"), RunHost.Token));
    }

    [Fact]
    public async Task FailedPatch_LeavesTheEnvironmentReady_AndFailedBuildUntouched()
    {
        await using var host = await StartAsync();
        var created = await host.EnvironmentAsync();
        await host.EndedAsync(created.Id);
        host.Stages.Script = (context, token) => context.Run.Stage == Stage.Patch ? Task.FromResult(RunResult.Failed(new Failure("web never became ready"))) : ScriptedStages.SucceedAsync(context, token);
        var patch = RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token));
        Assert.Equal("web never became ready", (await host.EndedAsync(patch.Id)).Failure!.Summary);
        Assert.Equal(EnvironmentPhase.Ready, (await host.FindAsync(created.Environment)).Phase);

        host.Git.Refs["main"] = FakeGit.Sha(3);
        host.Stages.Script = (_, _) => Task.FromResult(RunResult.Failed(new Failure("Step 3 failed")));
        var red = await host.EndedAsync(RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token)).Id);
        Assert.Equal([RunStatus.Failed, RunStatus.Canceled], red.Stages.Select(s => s.Status));
        Assert.Equal((RunStatus.Failed, "Step 3 failed"), (red.Status, red.Failure!.Summary));
        Assert.Equal((EnvironmentPhase.Ready, FakeGit.Sha(1)), ((await host.FindAsync(created.Environment)).Phase, (await host.FindAsync(created.Environment)).Commit));
    }

    [Fact]
    public async Task Teardown_ThatLeavesSomething_FailsAndKeepsTheEnvironment()
    {
        await using var host = await StartAsync();
        var created = await host.EnvironmentAsync();
        await host.EndedAsync(created.Id);
        host.Stages.Script = (_, _) => Task.FromResult(RunResult.Succeeded(new Receipt([], 2)));
        var teardown = await host.EndedAsync(RunHost.Accepted(await host.Commands.DeleteEnvironmentAsync(created.Environment, RunHost.By(), RunHost.Token)).Id);
        Assert.Equal(RunStatus.Failed, teardown.Status);
        Assert.Equal(EnvironmentPhase.Failed, (await host.FindAsync(created.Environment)).Phase);
    }

    [Fact]
    public async Task SavedConfiguration_IsAVersion_AndAWrongOneIsRefusedWithItsLine()
    {
        await using var host = await StartAsync(work: false);
        var environment = (await host.EnvironmentAsync()).Environment;
        var saved = RunHost.Accepted(await host.Commands.SaveEnvironmentConfigurationAsync(environment, null, "envs:\n- { key: A, value: s3cret, secret: true }\n", false, RunHost.By(), RunHost.Token));
        Assert.Equal("v1.1", saved.Version.ToString());
        Assert.DoesNotContain("s3cret", saved.Text.Variables, StringComparison.Ordinal);
        Assert.Contains("s3cret", (await host.Records.ReadConfigurationAsync("shop", environment, RunHost.Token))!.Text.Variables, StringComparison.Ordinal);
        var wrong = await host.Commands.SaveEnvironmentConfigurationAsync(environment, "servces: []\n", null, false, RunHost.By(), RunHost.Token);
        RunHost.Refused("template_invalid", wrong);
        Assert.NotEmpty(wrong.Refusal!.Diagnostics!);
    }

    [Fact]
    public async Task Refusals_OfBadRequests_SayWhy()
    {
        await using var host = await StartAsync(work: false);
        var commands = host.Commands;
        var context = RunHost.By();
        RunHost.Refused("conflict", await commands.CreateApplicationAsync(new NewApplication("shop", "/srv/x.git", null, RunHost.Template, ""), context, RunHost.Token));
        RunHost.Refused("invalid", await commands.CreateApplicationAsync(new NewApplication("No Good", "/srv/x.git", null, null, null), context, RunHost.Token));
        RunHost.Refused("ref_not_found", await commands.BuildAsync("shop", "nowhere", context, RunHost.Token));
        RunHost.Refused("not_found", await commands.SetupAsync("ted0000x", context, RunHost.Token));
        RunHost.Refused("invalid", await commands.CreateEnvironmentAsync(new NewEnvironment("shop", null, null, EnvironmentKind.Permanent, "Bad_Name"), context, RunHost.Token));
        var environment = (await host.EnvironmentAsync()).Environment;
        RunHost.Refused("environments_exist", await commands.DeleteApplicationAsync("shop", context, RunHost.Token));
        RunHost.Refused("setup_required", await commands.PauseAsync(environment, context, RunHost.Token));
        RunHost.Refused("not_paused", await commands.ResumeAsync(environment, context, RunHost.Token));
        host.Git.Problem = "fatal: could not read";
        RunHost.Refused("repository_unreachable", await commands.BuildAsync("shop", "main", context, RunHost.Token));
        RunHost.Refused("repository_unreachable", await commands.CreateApplicationAsync(new NewApplication("other", "/srv/none.git", null, null, null), context, RunHost.Token));
    }

    private async Task<RunHost> StartAsync(bool work = true)
    {
        var host = await RunHost.StartAsync(_folder.Path, work: work);
        await host.ApplicationAsync();
        return host;
    }
}
