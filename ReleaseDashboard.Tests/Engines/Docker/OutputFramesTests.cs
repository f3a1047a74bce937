using System.Buffers.Binary;
using System.Text;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Engines.Docker;

public sealed class OutputFramesTests
{
    private const string At = "2026-01-02T03:04:05.123456789Z";

    /// <summary>As long as Docker makes every part of a line but the last.</summary>
    private static readonly string Full = new('x', 16 << 10);

    [Fact]
    public async Task Frames_PartsOfOneLine_AreJoinedWithoutTheirStamps()
    {
        var lines = await ReadAsync(Frame(1, $"{At} {Full}"), Frame(2, $"{At} other\n"), Frame(1, $"{At} second\n"));
        Assert.Equal([(LogSource.Err, "other"), (LogSource.Out, $"{Full}second")], lines.Select(l => (l.Source, l.Text)));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), lines[0].At.AddTicks(-lines[0].At.Ticks % TimeSpan.TicksPerSecond));
    }

    [Fact]
    public async Task Frames_ShortPartWithoutLineEnd_IsWhereAProcessEndedAndTheNextOneBegins()
    {
        var lines = await ReadAsync(Frame(1, $"{At} no end"), Frame(1, $"{At} next start\n"));
        Assert.Equal(["no end", "next start"], lines.Select(l => l.Text));
    }

    [Fact]
    public async Task Frames_CharacterCutInTwo_IsOneAgainAndBadBytesAreReplaced()
    {
        var euro = Encoding.UTF8.GetBytes("€");
        var lines = await ReadAsync(
            Frame(1, [.. Encoding.ASCII.GetBytes($"{At} {Full[1..]}"), euro[0]]),
            Frame(1, [.. Encoding.ASCII.GetBytes($"{At} "), .. euro[1..], (byte)'\n']),
            Frame(1, [.. Encoding.ASCII.GetBytes($"{At} "), 0xFF, (byte)'x', (byte)'\n']));
        Assert.Equal([$"{Full[1..]}€", "\uFFFDx"], lines.Select(l => l.Text));
    }

    [Fact]
    public async Task Frames_WithoutLineEnd_GiveTheRestAtTheEnd()
    {
        var lines = await ReadAsync(Frame(1, $"{At} no end"));
        Assert.Equal("no end", Assert.Single(lines).Text);
    }

    [Fact]
    public async Task Frames_TenMegabytesOnOneLine_AreOneLine()
    {
        var parts = Enumerable.Range(0, 640).Select(i => Frame(1, $"{At} {Full}{(i == 639 ? "\n" : "")}"));
        var lines = await ReadAsync([.. parts]);
        Assert.Equal(640 * (16 << 10), Assert.Single(lines).Text.Length);
    }

    [Fact]
    public async Task Frames_EmptyLineAndCarriageReturn_ArePlain()
    {
        var lines = await ReadAsync(Frame(1, $"{At} \n"), Frame(1, $"{At} windows\r\n"));
        Assert.Equal(["", "windows"], lines.Select(l => l.Text));
    }

    private static byte[] Frame(byte stream, string text) => Frame(stream, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte stream, byte[] payload)
    {
        var frame = new byte[8 + payload.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), payload.Length);
        payload.CopyTo(frame, 8);
        return frame;
    }

    private static async Task<List<OutputLine>> ReadAsync(params byte[][] frames)
    {
        var reader = new OutputFrames(new MemoryStream([.. frames.SelectMany(f => f)]));
        var lines = new List<OutputLine>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line) lines.Add(line);
        return lines;
    }
}
