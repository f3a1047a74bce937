using System.Text;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Compressed;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>A log that has ended says the same compressed as plain, and is whole at every moment of the change.</summary>
public sealed class LogCompressionTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Compress_AnyLines_SayTheSameAfterwards()
    {
        var before = await MakeAsync(lines: 20_000);
        var raw = await RawAsync();
        var plain = new FileInfo(_logs.File("run-1.log")).Length + new FileInfo(_logs.File("run-1.idx")).Length;
        var pieces = Pieces();

        Assert.True(await CompressAsync());

        Assert.Equal(["run-1.log.zst"], Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!).Select(Path.GetFileName));
        Assert.True(new FileInfo(_logs.File("run-1.log.zst")).Length * 3 < plain);
        var store = _logs.Reopen();
        Assert.Equal(new LogState(before.Count, true), store.State("run-1"));
        Assert.Equal(before, await store.AllAsync("run-1"));
        Assert.Equal(raw, await RawAsync());
        Assert.Equal(string.Concat(pieces), string.Concat(Pieces()));
        foreach (var line in new[] { 1, 4095, 4096, 4097, 8193, before.Count })
        {
            var page = await store.ReadAsync("run-1", line, 3, LogFixture.Cancellation);
            Assert.Equal(before.Skip(line - 1).Take(3), page.Lines);
        }
        Assert.Equal(await store.CountTaskLinesAsync("run-1", "jobs.b", LogFixture.Cancellation), Count(before, "jobs.b"));
        Assert.Equal(["run-1"], store.List("run-"));
        Assert.False(await CompressAsync());
    }

    [Fact]
    public async Task Raw_OfACompressedLog_IsReadFromAnyPlace()
    {
        await MakeAsync(lines: 20_000);
        var raw = await RawAsync();
        await CompressAsync();
        await using var stream = _logs.Store.OpenRaw("run-1")!;
        Assert.Equal(raw.Length, stream.Length);
        foreach (var (from, count) in new[] { (0, 10), (FrameFile.FrameSize - 5, 11), (raw.Length - 7, 100), (raw.Length / 2, 1_200_000) })
        {
            stream.Position = from;
            var bytes = new byte[Math.Min(count, raw.Length - from)];
            Assert.Equal(bytes.Length, await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, LogFixture.Cancellation));
            Assert.True(raw.AsSpan(from, bytes.Length).SequenceEqual(bytes));
        }
    }

    [Fact]
    public async Task Compress_LinesLargerThanFrames_AreWhole()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            await writer.OutAsync("before");
            await writer.OutAsync(new string('a', FrameFile.FrameSize + 1));
            await writer.OutAsync(new string('b', 3_000_000));
            await writer.OutAsync(new string('c', FrameFile.FrameSize - 1));
            await writer.OutAsync("after");
            writer.Complete();
        }
        var before = await _logs.Store.AllAsync("run-1");
        var raw = await RawAsync();
        var pieces = Pieces();
        await CompressAsync();
        Assert.Equal(before, await _logs.Store.AllAsync("run-1"));
        Assert.Equal(raw, await RawAsync());
        Assert.Equal(string.Concat(pieces), string.Concat(Pieces()));
    }

    [Fact]
    public async Task Compress_EmptyLog_IsEmpty()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) writer.Complete();
        Assert.True(await CompressAsync());
        Assert.Equal(new LogState(0, true), _logs.Store.State("run-1"));
        Assert.Empty(await _logs.Store.AllAsync("run-1"));
        Assert.Empty(await RawAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Compress_KilledAfterAnyStep_LeavesAWholeLog(int steps)
    {
        var before = await MakeAsync(lines: 500);
        var paths = Paths();
        using (var plain = PlainLog.Open(paths)!)
        using (var writer = new FrameWriter(plain, paths.Compressed + LogPaths.Unfinished))
        {
            await writer.WriteAsync(plain.EndTicks()!.Value, _ => ValueTask.CompletedTask, LogFixture.Cancellation);
        }
        foreach (var step in LogKeeping.Switch(paths).Take(steps)) step();

        // A reader before the next start, the next start, and a writer of the next attempt.
        Assert.Equal(before, await _logs.Reopen().AllAsync("run-1"));
        var started = _logs.Reopen();
        started.Tidy();
        Assert.Equal(before, await started.AllAsync("run-1"));
        Assert.Equal(new LogState(500, true), started.State("run-1"));
        await using (var writer = started.OpenWriter("run-1", [])) Assert.Equal(501, await writer.OutAsync("next", "jobs.b"));
        Assert.Equal(before.Select(l => l.Text).Append("next"), await started.TextsAsync("run-1"));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!, "*" + LogPaths.Unfinished));
    }

    [Fact]
    public async Task OpenWriter_OfACompressedLog_GoesOnBehindIt()
    {
        var before = await MakeAsync(lines: 9000);
        await CompressAsync();
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            Assert.Equal(9001, await writer.OutAsync("next", "jobs.new"));
            Assert.False(_logs.Store.State("run-1").Ended);
            writer.Complete();
        }
        var lines = await _logs.Reopen().AllAsync("run-1");
        Assert.Equal(before, lines.Take(9000));
        Assert.Equal(("next", "jobs.new"), (lines[^1].Text, lines[^1].Task));
        Assert.True(await CompressAsync());
        Assert.Equal(lines, await _logs.Reopen().AllAsync("run-1"));
    }

    [Fact]
    public async Task Compress_WhileReadersHaveItOpen_TheyReadOn()
    {
        await MakeAsync(lines: 5000);
        var raw = await RawAsync();
        await using var open = _logs.Store.OpenRaw("run-1")!;
        var first = new byte[100];
        await open.ReadExactlyAsync(first, LogFixture.Cancellation);
        using var files = LogFiles.Open(Paths())!;
        await CompressAsync();
        var rest = new MemoryStream();
        await open.CopyToAsync(rest, LogFixture.Cancellation);
        Assert.Equal(raw, first.Concat(rest.ToArray()).ToArray());
        Assert.Equal("jobs.b", Assert.Single(files.ReadLines(2, 1, 5000)).Task);
    }

    [Fact]
    public async Task Compress_OpenedAgainMeanwhile_LeavesThePlainLog()
    {
        await MakeAsync(lines: 5000);
        var opened = false;
        var compressed = await _logs.Store.CompressAsync("run-1", async _ =>
        {
            if (opened) return;
            opened = true;
            await using var writer = _logs.Store.OpenWriter("run-1", []);
            await writer.OutAsync("more");
            writer.Complete();
        }, LogFixture.Cancellation);
        Assert.True(opened);
        Assert.False(compressed);
        Assert.Equal("more", (await _logs.Reopen().TextsAsync("run-1"))[^1]);
    }

    [Fact]
    public async Task Compressed_File_IsTextForZstd()
    {
        await MakeAsync(lines: 20_000);
        var raw = await RawAsync();
        await CompressAsync();
        // Another implementation of the format's reading side: frame after frame, skippable ones left out.
        await using var file = File.OpenRead(_logs.File("run-1.log.zst"));
        await using var text = new ZstdSharp.DecompressionStream(file);
        var all = new MemoryStream();
        await text.CopyToAsync(all, LogFixture.Cancellation);
        Assert.Equal(raw, all.ToArray());
    }

    private static TaskLines Count(IReadOnlyList<LogLine> lines, string task)
    {
        var own = lines.Where(l => l.Task == task).ToList();
        return new(own.Count(l => l.Source != LogSource.Sys), own[0].Number, own[^1].Number);
    }

    private async Task<IReadOnlyList<LogLine>> MakeAsync(int lines)
    {
        var random = new Random(11);
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= lines; i++)
            {
                var text = $"{i} ünï {Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))}{new string('.', random.Next(200))}";
                await writer.WriteAsync((LogSource)(i % 3), i % 5 == 0 ? "" : i % 2 == 0 ? "jobs.b" : "jobs.a", text, LogFixture.Cancellation, DateTimeOffset.UnixEpoch.AddTicks(i * 1234L).AddSeconds(random.Next(3)));
            }
            writer.Complete();
        }
        return await _logs.Store.AllAsync("run-1");
    }

    private Task<bool> CompressAsync() => _logs.Store.CompressAsync("run-1", _ => ValueTask.CompletedTask, LogFixture.Cancellation);

    private LogPaths Paths() => LogPaths.Of(Path.Combine(_logs.DataDirectory, "logs"), "run-1");

    private List<string> Pieces()
    {
        using var files = LogFiles.Open(Paths())!;
        return [.. files.Scan(files.State().TotalLines, (_, bytes) => Encoding.UTF8.GetString(bytes), LogFixture.Cancellation)];
    }

    private async Task<byte[]> RawAsync()
    {
        await using var stream = _logs.Reopen().OpenRaw("run-1")!;
        var all = new MemoryStream();
        await stream.CopyToAsync(all, LogFixture.Cancellation);
        return all.ToArray();
    }
}
