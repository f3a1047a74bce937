using System.Text;
using ReleaseDashboard.Core.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>The pieces questions are asked of: every byte of every line once, in order, whatever the lines are like.</summary>
public sealed class LogScanTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Scan_AnyLines_GivesAllOfThemInOrder()
    {
        var random = new Random(7);
        var text = new StringBuilder();
        var lines = 0;
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        while (text.Length < 5_000_000)
        {
            var line = new string((char)('a' + (lines++ % 26)), random.Next(100) == 0 ? random.Next(400_000) : random.Next(300));
            text.Append(line).Append('\n');
            await writer.OutAsync(line);
        }

        using var files = Open();
        var found = files.Scan(lines, (piece, bytes) => (piece, Text: Encoding.UTF8.GetString(bytes)), LogFixture.Cancellation).ToList();

        Assert.Equal(text.ToString(), string.Concat(found.Select(f => f.Text)));
        Assert.True(found.Count > 4);
        long line1 = 1;
        foreach (var (piece, read) in found)
        {
            Assert.Equal((line1, read.Count(c => c == '\n')), (piece.FirstLine, piece.Lines));
            Assert.InRange(piece.Length, 1, LogPiece.Size);
            line1 += piece.Lines;
        }
        Assert.Equal(lines + 1, line1);
    }

    [Fact]
    public async Task Scan_LineLargerThanAPiece_ComesAloneAsItIsShown()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("before\n" + new string('x', 3_000_000) + "\nafter");
        using var files = Open();
        var found = files.Scan(3, (piece, bytes) => (piece.FirstLine, piece.IsCut, Text: Encoding.UTF8.GetString(bytes)), LogFixture.Cancellation).ToList();
        Assert.Equal([(1L, false, "before\n"), (2L, true, new string('x', LogFiles.LineCap) + "\n"), (3L, false, "after\n")], found);
    }

    [Fact]
    public async Task Scan_OfTheFirstLines_LooksNoFurther()
    {
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        await writer.OutAsync("one\ntwo\nthree");
        using var files = Open();
        Assert.Equal(["one\ntwo\n"], files.Scan(2, (_, bytes) => Encoding.UTF8.GetString(bytes), LogFixture.Cancellation));
        Assert.Empty(files.Scan(0, (_, bytes) => bytes.Length, LogFixture.Cancellation));
    }

    private LogFiles Open() => LogFiles.Open(LogPaths.Of(Path.Combine(_logs.DataDirectory, "logs"), "run-1"))!;
}
