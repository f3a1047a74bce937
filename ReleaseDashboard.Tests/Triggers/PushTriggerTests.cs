using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using Xunit;

namespace ReleaseDashboard.Tests.Triggers;

public sealed class PushTriggerTests : IDisposable
{
    private readonly TriggerRoom _room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Look_PushToAFollowedBranch_DeploysToEachFollower()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        var sha = await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        _room.Records.AddEnvironment("ted2", "shop", "main");
        _room.Records.AddEnvironment("ted3", "shop", "other");
        _room.Records.AddEnvironment("ted4", "shop", "main", followsTag: true);
        _room.Records.AddEnvironment("ted5", "blog", "main");

        var effects = await _room.Trigger.LookAsync(application, Stop);

        Assert.Equal(["ted1", "ted2"], _room.Runs.Deployments.Select(d => d.Environment).Order());
        Assert.All(_room.Runs.Deployments, d => Assert.Equal((sha, Actor.Push, "push"), (d.Commit, d.Context.Actor, d.Context.Trigger)));
        Assert.All(_room.Runs.Deployments, d => Assert.StartsWith($"push:shop:main:{sha}:{d.Environment}", d.Context.IdempotencyKey, StringComparison.Ordinal));
        Assert.Empty(_room.Runs.Builds);
        Assert.Equal(["/deployments/1", "/deployments/2"], effects.Select(e => e.Path));
        Assert.Contains("build, then patch", effects[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_BranchThatHasNotMoved_DoesNothing()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        await _room.Trigger.LookAsync(application, Stop);

        Assert.Empty(await _room.Trigger.LookAsync(application, Stop));
        Assert.Single(_room.Runs.Deployments);
    }

    [Fact]
    public async Task Look_ManyAtOnce_ActsOnce()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _room.Trigger.LookAsync(application, Stop)));

        Assert.Single(_room.Runs.Deployments);
    }

    [Fact]
    public async Task Look_BranchThatGoesBackAndForth_DeploysEachMove()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        var first = await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        await _room.Trigger.LookAsync(application, Stop);
        var second = await _room.Sandbox.PushAsync(path, "main", "Two", ("a", "2"));
        await _room.Trigger.LookAsync(application, Stop);
        var clone = await _room.Sandbox.CloneAsync(path);
        foreach (var sha in new[] { first, second })
        {
            await _room.Sandbox.GitAsync(clone, "push", "--quiet", "--force", "origin", $"{sha}:refs/heads/main");
            await _room.Trigger.LookAsync(application, Stop);
        }

        Assert.Equal([first, second, first, second], _room.Runs.Deployments.Select(d => d.Commit));
    }

    [Fact]
    public async Task Look_NobodyFollows_BuildsTheTrackingBranchAndSaysHowToGetTheOther()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        var sha = await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        await _room.Sandbox.PushAsync(path, "feature", "Two", ("a", "2"));

        var effects = await _room.Trigger.LookAsync(application, Stop);

        Assert.Equal(["/builds/1", "/applications/shop"], effects.Select(e => e.Path));
        Assert.Equal("No environment follows feature. New environment makes one of it:", effects[1].Text);
        Assert.Equal(("shop", sha), (_room.Runs.Builds.Single().Application, _room.Runs.Builds.Single().Reference));
    }

    [Fact]
    public async Task Look_AutoDeployOff_SaysThatDeployIsNeeded()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        _room.Records.Template = MemoryRecords.Minimal.Replace("true", "false", StringComparison.Ordinal);

        var effect = Assert.Single(await _room.Trigger.LookAsync(application, Stop));

        Assert.Contains("press Deploy", effect.Text, StringComparison.Ordinal);
        Assert.Empty(_room.Runs.Deployments);
    }

    [Fact]
    public async Task Look_Refused_SaysWhyAndDoesNotRepeat()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        _room.Runs.Refusal = new Refusal("environment_paused", "ted1 is paused.");

        Assert.Contains("ted1 is paused.", Assert.Single(await _room.Trigger.LookAsync(application, Stop)).Text, StringComparison.Ordinal);
        Assert.Empty(await _room.Trigger.LookAsync(application, Stop));
    }

    [Theory]
    [InlineData("disk_full")]
    [InlineData("repository_unreachable")]
    [InlineData("conflict")]
    [InlineData("engine_unavailable")]
    [InlineData("unavailable")]
    public async Task Look_RefusedForAReasonThatPasses_IsDueUntilItIsAccepted(string code)
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        var sha = await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        _room.Runs.Refusal = new Refusal(code, "Not now.");

        Assert.Contains("Not now. It is tried again by itself.", Assert.Single(await _room.Trigger.LookAsync(application, Stop)).Text, StringComparison.Ordinal);
        Assert.True(_room.Trigger.IsDue("shop"));
        Assert.Empty(await _room.Records.ReadRefsAsync("shop", Stop));

        _room.Runs.Refusal = null;
        await _room.Trigger.LookAsync(application, Stop);
        Assert.Equal(sha, _room.Runs.Deployments.Single().Commit);
        Assert.False(_room.Trigger.IsDue("shop"));
    }

    [Fact]
    public async Task Look_AfterDyingBetweenDeployAndLedger_DoesNotDeployTwice()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");
        _room.Records.AddEnvironment("ted2", "shop", "main");
        _room.Runs.DieAfter = new IOException("The process dies here.");
        await Assert.ThrowsAsync<IOException>(() => _room.Trigger.LookAsync(application, Stop));
        Assert.True(_room.Trigger.IsDue("shop"));

        await _room.Trigger.LookAsync(application, Stop);

        Assert.Equal(["ted1", "ted2"], _room.Runs.Deployments.Select(d => d.Environment).Order());
        Assert.False(_room.Trigger.IsDue("shop"));
    }

    [Fact]
    public async Task Look_FirstTimeElsewhere_BuildsNothingButCatchesUpFollowers()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        await _room.Sandbox.PushAsync(remote, "feature", "One", ("a", "1"));
        var application = _room.Add("shop", remote);
        var environment = _room.Records.AddEnvironment("ted1", "shop", "feature");
        var now = await _room.Sandbox.PushAsync(remote, "feature", "Two", ("a", "2"));

        await _room.Trigger.LookAsync(application, Stop);

        Assert.Empty(_room.Runs.Builds);
        Assert.Equal((environment.Id, now), (_room.Runs.Deployments.Single().Environment, _room.Runs.Deployments.Single().Commit));
    }

    [Theory]
    [InlineData(RunStatus.Canceled)]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Superseded)]
    public async Task Look_FirstTimeElsewhere_DoesNotRepeatWhatEnded(RunStatus end)
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var sha = await _room.Sandbox.PushAsync(remote, "feature", "One", ("a", "1"));
        var application = _room.Add("shop", remote);
        var environment = _room.Records.AddEnvironment("ted1", "shop", "feature");
        var first = await _room.Runs.DeployAsync(environment.Id, sha, null, null, new CommandContext(Actor.Push, "create", "create"), Stop);
        _room.Runs.Accepted[0] = first.Value! with { Status = end };

        Assert.Empty(await _room.Trigger.LookAsync(application, Stop));
        Assert.Single(_room.Runs.Deployments);

        var next = await _room.Sandbox.PushAsync(remote, "feature", "Two", ("a", "2"));
        await _room.Trigger.LookAsync(application, Stop);
        Assert.Equal([sha, next], _room.Runs.Deployments.Select(d => d.Commit));
    }

    [Fact]
    public async Task Look_DeletedBranch_IsForgotten()
    {
        var (application, path) = await _room.HostAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "One", ("a", "1"));
        await _room.Sandbox.PushAsync(path, "feature", "Two", ("a", "2"));
        await _room.Trigger.LookAsync(application, Stop);
        await _room.Sandbox.GitAsync(path, "update-ref", "-d", "refs/heads/feature");

        await _room.Trigger.LookAsync(application, Stop);

        Assert.Equal(["main"], (await _room.Records.ReadRefsAsync("shop", Stop)).Keys);
    }
}
