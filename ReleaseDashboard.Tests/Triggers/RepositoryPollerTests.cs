using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Triggers;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Triggers;

public sealed class RepositoryPollerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TriggerRoom _room;

    public RepositoryPollerTests() => _room = new TriggerRoom(_time, o => o.SeedSample = false);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Poller_PushToARepositoryElsewhere_IsFound()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        _room.Add("shop", remote);
        _room.Records.AddEnvironment("ted1", "shop", "main");
        await _room.Records.WriteRefAsync("shop", "main", (await _room.Sandbox.GitAsync(remote, "rev-parse", "main")).Trim(), Stop);
        var poller = _room.Hosted<RepositoryPoller>();
        await poller.StartAsync(Stop);
        var sha = await _room.Sandbox.PushAsync(remote, "main", "New", ("a", "1"));

        await Eventually.TrueAsync(() => { _time.Advance(TimeSpan.FromSeconds(5)); return _room.Runs.Deployments.Count == 1; }, "the push is found");

        Assert.Equal(sha, _room.Runs.Deployments.Single().Commit);
        await poller.StopAsync(Stop);
    }

    [Fact]
    public async Task Poller_PushMissedBeforeTheStart_IsFoundWithoutWaiting()
    {
        var (_, path) = await _room.HostAsync("shop", Stop);
        var sha = await _room.Sandbox.PushAsync(path, "main", "Pushed while nobody watched", ("a", "1"));
        _room.Records.AddEnvironment("ted1", "shop", "main");

        var poller = _room.Hosted<RepositoryPoller>();
        await poller.StartAsync(Stop);

        await Eventually.TrueAsync(() => _room.Runs.Deployments.Count == 1, "the missed push is found");
        Assert.Equal(sha, _room.Runs.Deployments.Single().Commit);
        await poller.StopAsync(Stop);
    }

    [Fact]
    public async Task Poller_HostedPushThatWasRefusedForAWhile_IsTriedAgainWithinHalfAMinute()
    {
        using var room = new TriggerRoom(_time, o => (o.SeedSample, o.GitPollSeconds) = (false, 3600));
        var (_, path) = await room.HostAsync("shop", Stop);
        var sha = await room.Sandbox.PushAsync(path, "main", "New", ("a", "1"));
        room.Records.AddEnvironment("ted1", "shop", "main");
        room.Runs.Refusal = new Refusal("disk_full", "The disk is full.");
        var poller = room.Hosted<RepositoryPoller>();
        await poller.StartAsync(Stop);
        await Eventually.TrueAsync(() => room.Runs.Refused > 0, "the push is refused");

        room.Runs.Refusal = null;
        var started = _time.GetUtcNow();
        await Eventually.TrueAsync(() => { _time.Advance(TimeSpan.FromSeconds(1)); return room.Runs.Deployments.Count == 1; }, "the push is tried again");

        Assert.Equal(sha, room.Runs.Deployments.Single().Commit);
        Assert.True(_time.GetUtcNow() - started < TimeSpan.FromMinutes(50), "It waited for the poll of repositories elsewhere.");
        await poller.StopAsync(Stop);
    }

    [Fact]
    public async Task Poller_RepositoryThatCannotBeRead_StatesTheProblemUntilItCan()
    {
        var broken = _room.Sandbox.PathOf("later.git");
        _room.Add("shop", broken);
        _room.Records.AddEnvironment("ted1", "shop", "main");
        var poller = _room.Hosted<RepositoryPoller>();
        await poller.StartAsync(Stop);
        await Eventually.TrueAsync(() => _room.Health.Find("shop") is not null, "the problem is stated");
        Assert.Contains("does not exist", _room.Health.Find("shop")!.Message, StringComparison.Ordinal);

        await _room.Sandbox.CreateRemoteAsync("later");
        await Eventually.TrueAsync(() => { _time.Advance(TimeSpan.FromMinutes(1)); return _room.Health.Find("shop") is null; }, "the problem is gone");
        await poller.StopAsync(Stop);
    }
}
