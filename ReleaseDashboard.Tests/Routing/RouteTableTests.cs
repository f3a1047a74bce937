using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Routing;
using Xunit;

namespace ReleaseDashboard.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly DesiredRoute[] Web = [new("web-ted1.apps.localhost", "web", 80)];
    private readonly FakeTimeProvider _clock = new();
    private readonly RouteTable _table;

    public RouteTableTests() => _table = new RouteTable(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("web-ted1.apps.localhost")]
    [InlineData("WEB-Ted1.Apps.LOCALHOST")]
    public void Find_HostnameInAnyCase_AnswersItsEndpoints(string hostname)
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        var target = _table.Find(hostname);
        Assert.Equal(new Uri("http://127.0.0.1:4001/"), Assert.Single(target!.Endpoints).Address);
        Assert.Equal(("ted1", "web"), (target.Environment, target.Service));
    }

    [Fact]
    public void Find_UnknownHostname_AnswersNull() => Assert.Null(_table.Find("other.apps.localhost"));

    [Fact]
    public void Set_OtherPortThanTheRoutes_HasNoEndpoint()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001, targetPort: 9000)]);
        Assert.Empty(_table.Find(Web[0].Hostname)!.Endpoints);
    }

    [Fact]
    public void Switch_OneService_LeavesTheOthers()
    {
        DesiredRoute[] routes = [.. Web, new("api-ted1.apps.localhost", "api", 80)];
        _table.Set("ted1", routes, [Instance("a", "web", 4001), Instance("b", "api", 4002)]);
        _table.Switch("ted1", "web", [Instance("c", "web", 4003), Instance("d", "web", 4004)]);
        Assert.Equal(["c", "d"], _table.Find("web-ted1.apps.localhost")!.Endpoints.Select(e => e.InstanceId));
        Assert.Equal(["b"], _table.Find("api-ted1.apps.localhost")!.Endpoints.Select(e => e.InstanceId));
    }

    [Fact]
    public void Remove_Environment_ForgetsItsHostnames()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        _table.Remove("ted1");
        Assert.Null(_table.Find(Web[0].Hostname));
        Assert.Empty(_table.ForEnvironment("ted1"));
    }

    [Fact]
    public void Claim_HostnameOfAnotherEnvironment_TakesNothingAndNamesIt()
    {
        DesiredRoute[] two = [new("api-ted2.apps.localhost", "api", 80), Web[0] with { Hostname = "WEB-ted1.apps.localhost" }];
        Assert.Null(_table.Claim("ted1", Web));
        Assert.Equal("ted1", _table.Claim("ted2", two)!.Environment);
        Assert.Null(_table.Find("api-ted2.apps.localhost"));
        _table.Remove("ted1");
        Assert.Null(_table.Claim("ted2", two));
        Assert.Equal("ted2", _table.Find(Web[0].Hostname)!.Environment);
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_IsWonByOne()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => _table.Claim($"ted{i}", Web), Cancel)));
        Assert.Single(claims, taken => taken is null);
    }

    [Fact]
    public void Claim_OfItsOwnAgain_KeepsWhatServes()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        Assert.Null(_table.Claim("ted1", [.. Web, new("new-ted1.apps.localhost", "web", 80)]));
        Assert.Single(_table.Find(Web[0].Hostname)!.Endpoints);
        Assert.NotNull(_table.Find("new-ted1.apps.localhost"));
    }

    [Fact]
    public void Set_HostnameOfAnotherEnvironment_StaysWithItsHolder()
    {
        _table.Set("first", Web, [Instance("a", "web", 4001)]);
        _table.Set("second", Web, [Instance("b", "web", 4002)]);
        Assert.Equal("first", _table.Find(Web[0].Hostname)!.Environment);
        _table.Remove("first");
        Assert.Equal("second", _table.Find(Web[0].Hostname)!.Environment);
    }

    [Fact]
    public void TryEnter_AfterSwitch_RefusesTheOldEndpoint()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        IRouteTable table = _table;
        var old = table.Find(Web[0].Hostname)!;
        table.Switch("ted1", "web", [Instance("b", "web", 4002)]);
        Assert.Null(table.TryEnter(old, old.Endpoints[0]));
        var now = table.Find(Web[0].Hostname)!;
        Assert.NotNull(table.TryEnter(now, now.Endpoints[0]));
    }

    [Fact]
    public async Task Drain_WithARequestUnderWay_WaitsForItsEnd()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        var first = _table.Enter(_table.Find(Web[0].Hostname)!.Endpoints[0]);
        var second = _table.Enter(_table.Find(Web[0].Hostname)!.Endpoints[0]);
        _table.Switch("ted1", "web", []);
        var drain = _table.DrainAsync("a", TimeSpan.FromSeconds(30), Cancel);
        first.Dispose();
        first.Dispose();
        Assert.False(drain.IsCompleted);
        second.Dispose();
        await drain;
    }

    [Fact]
    public async Task Drain_RequestThatNeverEnds_StopsAtTheLimit()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        using var endless = _table.Enter(_table.Find(Web[0].Hostname)!.Endpoints[0]);
        var drain = _table.DrainAsync("a", TimeSpan.FromSeconds(30), Cancel);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(drain.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await drain;
    }

    [Fact]
    public async Task Drain_OfAnInstanceNobodyEntered_EndsAtOnce() =>
        await _table.DrainAsync("never", TimeSpan.FromSeconds(30), Cancel);

    [Fact]
    public void TrySet_LookThatBeganBeforeASwitch_IsDropped()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        var stamp = _table.Stamp();
        _table.Switch("ted1", "web", [Instance("b", "web", 4002)]);
        Assert.False(_table.TrySet("ted1", Web, [Instance("a", "web", 4001)], stamp));
        Assert.Equal("b", Assert.Single(_table.Find(Web[0].Hostname)!.Endpoints).InstanceId);
    }

    [Fact]
    public void TrySet_LookThatBeganBeforeAnAnnouncement_IsDropped()
    {
        _table.Set("ted1", Web, [Instance("a", "web", 4001)]);
        var stamp = _table.Stamp();
        _table.Announce("ted1");
        Assert.False(_table.TrySet("ted1", Web, [], stamp));
        Assert.True(_table.TrySet("ted1", Web, [], _table.Stamp()));
    }

    [Fact]
    public async Task SwitchAndDrain_UnderLoad_NeverSendsARequestToADrainedInstance()
    {
        const int Switches = 400;
        IRouteTable table = _table;
        var alive = new bool[Switches + 1];
        alive[0] = true;
        table.Set("ted1", Web, [Instance("0", "web", 4000)]);
        using var ended = new CancellationTokenSource();
        long served = 0, wrong = 0, drained = 0;

        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                var target = table.Find(Web[0].Hostname)!;
                if (table.TryEnter(target, target.Endpoints[0]) is not { } request) continue;
                using (request)
                {
                    var instance = int.Parse(target.Endpoints[0].InstanceId);
                    if (!Volatile.Read(ref alive[instance])) Interlocked.Increment(ref wrong);
                    await Task.Yield();
                    if (!Volatile.Read(ref alive[instance])) Interlocked.Increment(ref wrong);
                    Interlocked.Increment(ref served);
                }
            }
        }, Cancel)).ToList();

        for (var i = 1; i <= Switches; i++)
        {
            // Load between any two switches, however busy the machine is.
            for (var seen = Interlocked.Read(ref served); Interlocked.Read(ref served) == seen;) await Task.Yield();
            Volatile.Write(ref alive[i], true);
            table.Switch("ted1", "web", [Instance($"{i}", "web", 4000 + i)]);
            await table.DrainAsync($"{i - 1}", TimeSpan.FromHours(1), Cancel);
            Volatile.Write(ref alive[i - 1], false);
            drained++;
            await Task.Yield();
        }

        await ended.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(0, wrong);
        Assert.Equal(Switches, drained);
        Assert.True(served >= Switches, $"Only {served} requests were served.");
    }

    internal static ObservedInstance Instance(string id, string service, int port, int targetPort = 80, string hash = "h1", InstanceStatus status = InstanceStatus.Running, bool ready = true) =>
        new(id, $"{service}-{id}", service, hash, status, ready, 0, "c0ffee", null, null, [new InstanceEndpoint(targetPort, "127.0.0.1", port)]);
}
