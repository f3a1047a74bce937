using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>
/// A client of the log hub that costs little: it looks at the numbers of the lines and the time of the last one and makes nothing of the rest. Fifty of them share the machine
/// with what they measure, and fifty that build objects would be most of the work.
/// </summary>
internal sealed class HubViewer : IDisposable
{
    private const byte EndOfMessage = 0x1e;

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _message = new(1 << 20);
    private readonly byte[] _received = new byte[64 << 10];
    private long _next = 1;

    /// <summary>Milliseconds from when the last line of a message was printed to when the message was here.</summary>
    public List<double> Delays { get; } = [];

    public long Lines => _next - 1;

    public async Task ConnectAsync(Uri dashboard, string token, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new UriBuilder(new Uri(dashboard, "hubs/logs")) { Scheme = "ws", Query = "access_token=" + token }.Uri, cancellationToken);
        await SendAsync("""{"protocol":"json","version":1}""", cancellationToken);
        await ReceiveAsync(_ => { }, cancellationToken);
    }

    /// <summary>Until it is canceled. Throws when a line is missing or comes twice.</summary>
    public async Task FollowServiceAsync(string environment, string service, CancellationToken cancellationToken)
    {
        await SendAsync($$"""{"type":4,"invocationId":"1","target":"FollowService","arguments":["{{environment}}","{{service}}",1]}""", cancellationToken);
        try
        {
            while (await ReceiveAsync(Look, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    public void Dispose() => _socket.Dispose();

    private delegate void Message(ReadOnlySpan<byte> message);

    private async Task<bool> ReceiveAsync(Message seen, CancellationToken cancellationToken)
    {
        var read = await _socket.ReceiveAsync(_received, cancellationToken);
        if (read.MessageType == WebSocketMessageType.Close) return false;
        var bytes = _received.AsMemory(0, read.Count);
        for (int end; (end = bytes.Span.IndexOf(EndOfMessage)) >= 0; bytes = bytes[(end + 1)..])
        {
            _message.Write(bytes.Span[..end]);
            seen(_message.WrittenSpan);
            _message.ResetWrittenCount();
        }

        _message.Write(bytes.Span);
        return true;
    }

    private void Look(ReadOnlySpan<byte> message)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var reader = new Utf8JsonReader(message);
        DateTime? last = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth < 3) continue;
            if (reader.ValueTextEquals("n"u8))
            {
                reader.Read();
                if (reader.GetInt64() != _next++) throw new InvalidDataException($"Line {reader.GetInt64()} comes after {_next - 2}.");
            }
            else if (reader.ValueTextEquals("t"u8))
            {
                reader.Read();
                last = reader.GetDateTime();
            }
        }

        if (last is { } at) Delays.Add((now - at.ToUniversalTime()).TotalMilliseconds);
    }

    private Task SendAsync(string message, CancellationToken cancellationToken) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message + (char)EndOfMessage), WebSocketMessageType.Text, true, cancellationToken);
}
