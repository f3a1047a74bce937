using Microsoft.Extensions.Logging.Abstractions;
using ReleaseDashboard.Core.Live;
using Xunit;

namespace ReleaseDashboard.Tests.Live;

public sealed class ChangeFeedTests
{
    private readonly ChangeFeed _feed = new(NullLogger<ChangeFeed>.Instance);
    private readonly List<string> _heard = [];

    [Fact]
    public void Publish_OfASubscribedKey_CallsWithIt()
    {
        using var subscription = _feed.Subscribe([ChangeKeys.Run(1), ChangeKeys.Queue], _heard.Add);
        _feed.Publish(ChangeKeys.Run(1));
        _feed.Publish(ChangeKeys.Run(2));
        _feed.Publish(ChangeKeys.Queue);
        Assert.Equal(["run:1", "queue"], _heard);
    }

    [Fact]
    public void Publish_ToAStar_SaysEveryKey()
    {
        using var subscription = _feed.Subscribe(["*"], _heard.Add);
        _feed.Publish("a");
        _feed.Publish("b");
        Assert.Equal(["a", "b"], _heard);
    }

    [Fact]
    public void Publish_AfterDispose_IsNotHeard()
    {
        var subscription = _feed.Subscribe(["a"], _heard.Add);
        using var other = _feed.Subscribe(["a"], key => _heard.Add(key + "!"));
        subscription.Dispose();
        subscription.Dispose();
        _feed.Publish("a");
        Assert.Equal(["a!"], _heard);
    }

    [Fact]
    public void Publish_WhenOneReaderFails_StillReachesTheOthers()
    {
        using var broken = _feed.Subscribe(["a"], _ => throw new InvalidOperationException("broken"));
        using var good = _feed.Subscribe(["a"], _heard.Add);
        _feed.Publish("a");
        Assert.Equal(["a"], _heard);
    }

    [Fact]
    public async Task Subscribe_FromManyThreads_LosesNone()
    {
        var count = 0;
        var subscriptions = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _feed.Subscribe(["a"], _ => Interlocked.Increment(ref count)))));
        _feed.Publish("a");
        Assert.Equal(200, count);
        await Task.WhenAll(subscriptions.Select(s => Task.Run(s.Dispose)));
        _feed.Publish("a");
        Assert.Equal(200, count);
    }
}
