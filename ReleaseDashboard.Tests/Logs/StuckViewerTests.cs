using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR.Client;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Hubs;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class StuckViewerTests : IAsyncLifetime
{
    private const int Lines = 200_000;
    private readonly LogHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Viewer_ThatNeverReads_HindersNeitherTheWriterNorAnother()
    {
        await using var writer = _host.Store.OpenWriter("run-1", []);
        await writer.OutAsync("first");
        using var stuck = await StuckAsync();
        await using var hub = new HubConnectionBuilder().WithUrl(_host.Address + "/hubs/logs").Build();
        await hub.StartAsync(LogFixture.Cancellation);
        var text = new string('x', 200);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 2; i <= Lines; i++) await writer.WriteAsync(LogSource.Out, "", $"{i} {text}", LogFixture.Cancellation);
                writer.Complete();
            },
            LogFixture.Cancellation);
        var next = 1L;
        await foreach (var batch in hub.StreamAsync<LogBatchMessage>("Follow", "1", 1L, LogFixture.Cancellation))
        {
            foreach (var line in batch.Lines) Assert.Equal(next++, line.N);
            if (batch.Ended) break;
        }

        await writing;
        Assert.Equal(Lines + 1, next);
        Assert.Equal(WebSocketState.Open, stuck.State);
    }

    /// <summary>Speaks the hub's protocol and asks for the log, then reads nothing any more: what is sent to it fills the buffers in between.</summary>
    private async Task<ClientWebSocket> StuckAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(_host.Address.Replace("http://", "ws://", StringComparison.Ordinal) + "/hubs/logs"), LogFixture.Cancellation);
        await SayAsync("{\"protocol\":\"json\",\"version\":1}");
        await socket.ReceiveAsync(new byte[64], LogFixture.Cancellation);
        await SayAsync("{\"type\":4,\"invocationId\":\"1\",\"target\":\"Follow\",\"arguments\":[\"1\",1]}");
        return socket;

        Task SayAsync(string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, true, LogFixture.Cancellation);
    }
}
