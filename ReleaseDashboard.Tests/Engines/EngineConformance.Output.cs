using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Engines;

public abstract partial class EngineConformance
{
    [Fact]
    public async Task Feed_OpenedBeforeTheStart_HasTheFirstByteAndEndsWithTheInstance()
    {
        await PrepareAsync();
        IOutputFeed? feed = null;
        var rollout = new RolloutRecorder { OnStarting = async instance => feed = await Engine.OpenOutputAsync(instance.Id, null, true, Stop) };
        await Engine.ApplyServiceAsync(Scope, Healthy("web", Old), rollout, Stop);
        Assert.NotNull(feed);
        await using var _ = feed;
        var reading = FeedReader.Begin(feed, Stop);
        await Eventually.TrueAsync(() => reading.Count > 0, "the first line is heard");
        await RemoveOutsideAsync(Assert.Single(await InstancesAsync()).Id);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(["listening"], reading.Lines);
        Assert.Empty(reading.Losses);
    }

    [Fact]
    public async Task Feed_OpenedBehindAMark_HasNothingTwice()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var instance = Assert.Single(await InstancesAsync());
        var lines = new List<OutputLine>();
        await foreach (var line in Engine.ReadOutputAsync(instance.Id, null, false, Stop)) lines.Add(line);
        await using var feed = await Engine.OpenOutputAsync(instance.Id, new OutputMark(lines.Count, lines), false, Stop);
        var reading = FeedReader.Begin(feed, Stop);
        await Engine.StopInstancesAsync(Scope, Stop);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Empty(reading.Lines);
        Assert.Empty(reading.Losses);
    }

    [Fact]
    public async Task Feed_OfAnInstanceThatIsDown_HasAllAndEnds()
    {
        await PrepareAsync();
        await ApplyAsync(Healthy("web", Old));
        var instance = Assert.Single(await InstancesAsync());
        await Engine.StopInstancesAsync(Scope, Stop);
        await using var feed = await Engine.OpenOutputAsync(instance.Id, null, false, Stop);
        var reading = FeedReader.Begin(feed, Stop);
        await reading.Ended.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(["listening"], reading.Lines);
    }

    [Fact]
    public Task Feed_OfNobody_IsRefused() => Assert.ThrowsAsync<EngineException>(() => Engine.OpenOutputAsync("nobody", null, false, Stop));
}
