using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Routing;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class ProxyTests(WebFixture fixture) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRouteTable Routes => fixture.Dashboard.Services.GetRequiredService<IRouteTable>();

    [Fact]
    public async Task Request_ToAnEnvironment_ReachesItWithItsHostPathAndVisitor()
    {
        await using var web = await Upstream.StartAsync("web-1", async c => await c.Response.WriteAsync(
            $"{c.Request.Method} {c.Request.Host} {c.Request.Path}{c.Request.QueryString} for={c.Request.Headers["X-Forwarded-For"]} host={c.Request.Headers["X-Forwarded-Host"]} proto={c.Request.Headers["X-Forwarded-Proto"]} auth={c.Request.Headers.Authorization}"));
        var host = Serve("tedhost", web);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a%20b/login?x=1");
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("Authorization", "Bearer of-the-application");
        using var client = Visitor(host);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Equal(
            $"GET {host} /a%20b/login?x=1 for=127.0.0.1 host={host} proto=http auth=Bearer of-the-application",
            await answer.Content.ReadAsStringAsync(Cancel));
        Assert.False(answer.Headers.Contains("Content-Security-Policy"), "An environment's headers are its own.");
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PROPFIND")]
    public async Task Method_OfAnyKind_Passes(string method)
    {
        await using var web = await Upstream.StartAsync($"web-{method}", c =>
        {
            c.Response.Headers["X-Method"] = c.Request.Method;
            c.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return Task.CompletedTask;
        });
        using var client = Visitor(Serve($"ted{method.ToLowerInvariant()}", web));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal(method, Assert.Single(answer.Headers.GetValues("X-Method")));
    }

    [Fact]
    public async Task Body_LargerThanTheDashboardsOwnLimit_Passes()
    {
        await using var web = await Upstream.StartAsync("web-big", async c =>
        {
            var limit = c.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>();
            limit!.MaxRequestBodySize = null;
            var total = 0L;
            var buffer = new byte[65536];
            for (int read; (read = await c.Request.Body.ReadAsync(buffer)) > 0;) total += read;
            await c.Response.WriteAsync($"{total}");
        });
        using var client = Visitor(Serve("tedbig", web));
        using var answer = await client.PostAsync("/", new ByteArrayContent(new byte[40_000_000]), Cancel);
        Assert.Equal("40000000", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Stream_OfEvents_ArrivesAsItIsWritten()
    {
        var more = new TaskCompletionSource();
        await using var web = await Upstream.StartAsync("web-events", async c =>
        {
            await c.Response.WriteAsync("first\n");
            await c.Response.Body.FlushAsync();
            await more.Task;
            await c.Response.WriteAsync("second\n");
        });
        using var client = Visitor(Serve("tedevents", web));
        await using var stream = await client.GetStreamAsync("/", Cancel);
        using var reader = new StreamReader(stream);
        Assert.Equal("first", await reader.ReadLineAsync(Cancel));
        more.SetResult();
        Assert.Equal("second", await reader.ReadLineAsync(Cancel));
    }

    [Fact]
    public async Task WebSocket_ThroughTheProxy_EchoesBothWays()
    {
        await using var web = await Upstream.StartAsync("web-socket", EchoAsync);
        var host = Serve("tedsocket", web);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", host);
        socket.Options.SetRequestHeader("Origin", $"http://{host}");
        await socket.ConnectAsync(new UriBuilder(fixture.Dashboard.Address) { Scheme = "ws", Path = "/live" }.Uri, Cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, Cancel);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
    }

    [Fact]
    public async Task TwoInstances_TakeTurns()
    {
        await using var one = await Upstream.StartAsync("turn-1", c => c.Response.WriteAsync("1"));
        await using var two = await Upstream.StartAsync("turn-2", c => c.Response.WriteAsync("2"));
        using var client = Visitor(Serve("tedturns", one, two));
        var answers = new List<string>();
        for (var i = 0; i < 10; i++) answers.Add(await client.GetStringAsync("/", Cancel));
        Assert.Equal(5, answers.Count(a => a == "1"));
    }

    [Fact]
    public async Task InstanceThatIsDown_IsPassedOver()
    {
        await using var up = await Upstream.StartAsync("alive", c => c.Response.WriteAsync("alive"));
        var down = await Upstream.StartAsync("dead", c => c.Response.WriteAsync("dead"));
        using var client = Visitor(Serve("teddown", down, up));
        await down.DisposeAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("alive", await client.GetStringAsync("/", Cancel));
            using var posted = await client.PostAsync("/", new StringContent("body"), Cancel);
            Assert.Equal("alive", await posted.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task AllInstancesDown_AnswersAPageThatNamesTheService()
    {
        var down = await Upstream.StartAsync("gone", c => c.Response.WriteAsync("gone"));
        using var client = Visitor(Serve("tedgone", down));
        await down.DisposeAsync();
        using var answer = await client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("web in tedgone", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingReady_AnswersAPageThatLooksAgain()
    {
        using var client = Visitor(Serve("tedempty"));
        using var answer = await client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("being set up", page, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownHost_AnswersAPageThatTellsNothingOfOthers()
    {
        Serve("tedsecret");
        using var client = Visitor("nope.apps.localhost");
        using var answer = await client.GetAsync("/api/v1/environments", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("nope.apps.localhost", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{fixture.Dashboard.Address}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("tedsecret", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("release.example.com")]
    [InlineData("apps.localhost")]
    public async Task HostOutsideTheDomain_IsTheDashboard(string host)
    {
        using var client = Visitor(host);
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz", Cancel));
    }

    [Fact]
    public async Task OwnName_CannotBeTakenByAnEnvironment()
    {
        await using var thief = await Upstream.StartAsync("thief", c => c.Response.WriteAsync("stolen"));
        Routes.Set("tedthief", [new DesiredRoute("localhost", "web", Upstream.TargetPort)], [thief.Instance]);
        using var client = Visitor("localhost");
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz", Cancel));
    }

    [Fact]
    public async Task Switches_UnderLoad_LoseNoRequest()
    {
        const int Total = 1000;
        var host = Serve("tedswitch");
        using var client = Visitor(host);
        var current = await Upstream.StartAsync("v0", c => c.Response.WriteAsync("v0"));
        Routes.Switch("tedswitch", "web", [current.Instance]);
        var versions = 0;
        var asked = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        async Task LoadAsync()
        {
            while (Interlocked.Increment(ref asked) <= Total)
            {
                using var answer = Volatile.Read(ref asked) % 5 == 0
                    ? await client.PostAsync("/", new StringContent("body"), Cancel)
                    : await client.GetAsync("/", Cancel);
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                if (answer.StatusCode != HttpStatusCode.OK || !text.StartsWith('v')) failures.Enqueue($"{(int)answer.StatusCode} {text}");
            }
        }

        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoadAsync()));
        while (!load.IsCompleted)
        {
            var name = $"v{++versions}";
            var next = await Upstream.StartAsync(name, c => c.Response.WriteAsync(name));
            Routes.Switch("tedswitch", "web", [next.Instance]);
            await Routes.DrainAsync(current.Name, TimeSpan.FromSeconds(30), Cancel);
            await current.DisposeAsync();
            current = next;
        }

        await load;
        await current.DisposeAsync();
        Assert.Empty(failures);
        Assert.True(versions > 1, "There was no switch under load.");
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    /// <summary>Routes <c>web-{environment}.apps.localhost</c> to the instances and returns the host.</summary>
    private string Serve(string environment, params Upstream[] instances)
    {
        var host = $"web-{environment}.apps.localhost";
        Routes.Set(environment, [new DesiredRoute(host, "web", Upstream.TargetPort)], [.. instances.Select(i => i.Instance)]);
        return $"{host}:{fixture.Dashboard.Address.Port}";
    }

    /// <summary>A client that calls the dashboard's port by another name.</summary>
    private HttpClient Visitor(string host)
    {
        var client = fixture.Dashboard.Visitor();
        client.DefaultRequestHeaders.Host = host;
        return client;
    }
}
