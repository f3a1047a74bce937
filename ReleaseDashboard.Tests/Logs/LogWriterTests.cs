using System.Text;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>Output as bytes: cut anywhere, of any length, whatever it holds.</summary>
public sealed class LogWriterTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Bytes_CutAnywhere_AreTheSameLines()
    {
        byte[] text = [.. "one\r\ntwo ü\n\n"u8, 0xFF, 0xFE, 0, (byte)'x', (byte)'\n', .. "last"u8];
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var id = $"run-{cut + 1}";
            await using (var writer = _logs.Store.OpenWriter(id, []))
            {
                await writer.WriteBytesAsync(LogSource.Out, "jobs.a", text.AsMemory(0, cut), LogFixture.Cancellation);
                await writer.WriteBytesAsync(LogSource.Err, "jobs.a", "err\n"u8.ToArray(), LogFixture.Cancellation);
                await writer.WriteBytesAsync(LogSource.Out, "jobs.a", text.AsMemory(cut), LogFixture.Cancellation);
                Assert.Equal(5, writer.TotalLines);
                Assert.Equal(new WrittenLines(6, 6), await writer.EndLineAsync(LogSource.Out, "jobs.a", LogFixture.Cancellation));
                Assert.True((await writer.EndLineAsync(LogSource.Out, "jobs.a", LogFixture.Cancellation)).IsEmpty);
            }
            var lines = await _logs.Store.AllAsync(id);
            Assert.Equal(["one", "two ü", "", "\uFFFD\uFFFD\0x", "last"], lines.Where(l => l.Source == LogSource.Out).Select(l => l.Text));
            // Invalid UTF-8 is in the raw text as it came.
            var raw = (await File.ReadAllBytesAsync(_logs.File($"{id}.log"), LogFixture.Cancellation));
            Assert.True(raw.AsSpan().IndexOf(text.AsSpan(12, 5)) >= 0);
        }
    }

    [Fact]
    public async Task Bytes_HundredMegabytesWithoutALineEnd_AreOneLineInBoundedMemory()
    {
        var chunk = new byte[1_000_000];
        Array.Fill(chunk, (byte)'x');
        await using var writer = _logs.Store.OpenWriter("run-1", ["s3cr3t-value"]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) await writer.WriteBytesAsync(LogSource.Out, "jobs.a", chunk, LogFixture.Cancellation);
        Assert.Equal(0, writer.TotalLines);
        await writer.WriteAsync(LogSource.Sys, "jobs.a", "meanwhile", LogFixture.Cancellation);
        await writer.WriteBytesAsync(LogSource.Out, "jobs.a", "end\n"u8.ToArray(), LogFixture.Cancellation);
        Assert.Equal(2, writer.TotalLines);
        var lines = await _logs.Store.AllAsync("run-1");
        Assert.Equal("meanwhile", lines[0].Text);
        Assert.StartsWith(new string('x', 65_536) + " … [99,934,467 bytes", lines[1].Text, StringComparison.Ordinal);
        Assert.Equal(100_000_003 + 1 + "meanwhile\n".Length, _logs.Store.OpenRaw("run-1")!.Length);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_500_000_000);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_logs.File("x"))!, "*" + LogPaths.Unfinished));
    }

    [Fact]
    public async Task Bytes_UnfinishedWhenTheAttemptEnds_AreNoLineAndAreOneWhenTheLogEnds()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await writer.WriteBytesAsync(LogSource.Out, "jobs.a", "a\nhalf"u8.ToArray(), LogFixture.Cancellation);
        Assert.Equal(["a"], await _logs.Store.TextsAsync("run-1"));
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            await writer.WriteBytesAsync(LogSource.Out, "jobs.a", "half"u8.ToArray(), LogFixture.Cancellation);
            writer.Complete();
        }
        Assert.Equal(["a", "half"], await _logs.Store.TextsAsync("run-1"));
    }

    [Fact]
    public async Task Lines_OfManyTimes_KeepThem()
    {
        var lines = new LogLines();
        var at = DateTimeOffset.UnixEpoch;
        for (var i = 0; i < 20_000; i++) lines.Add(i % 2 == 0 ? LogSource.Out : LogSource.Err, at.AddSeconds(i), Encoding.UTF8.GetBytes($"line {i}\n and\r"));
        await using var writer = _logs.Store.OpenWriter("instance-1", ["line 7\n"]);
        Assert.Equal(new WrittenLines(1, 20_000), await writer.WriteLinesAsync("", lines, LogFixture.Cancellation));
        var read = await _logs.Store.AllAsync("instance-1");
        Assert.Equal(20_000, read.Count);
        Assert.All(read, l => Assert.Equal(((l.Number - 1) % 2 == 0 ? LogSource.Out : LogSource.Err, at.AddSeconds(l.Number - 1)), (l.Source, l.At)));
        Assert.Equal(("line 9  and", "***  and"), (read[9].Text, read[7].Text));
    }

    [Fact]
    public async Task Gap_IsALineThatProgramsCanRead()
    {
        var gap = new LogGap(1234, 56_789, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(2), "the engine rotated its own log before it was read");
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        foreach (var given in new[] { gap, gap with { Lines = 1 }, gap with { From = null }, gap with { To = null }, new LogGap(null, null, null, null, "nobody knows") })
        {
            var number = await writer.MarkGapAsync("jobs.a", given, LogFixture.Cancellation);
            var line = Assert.Single((await _logs.Store.ReadAsync("run-1", number, 1, LogFixture.Cancellation)).Lines);
            Assert.Equal((LogSource.Sys, given), (line.Source, LogGap.Of(line.Source, line.Text)));
            Assert.Null(LogGap.Of(LogSource.Out, line.Text));
        }
        Assert.Equal(
            "Gap: 1,234 lines (56,789 bytes) between 1970-01-01T00:00:00.000Z and 1970-01-01T00:02:00.000Z are missing here because the engine rotated its own log before it was read.",
            (await _logs.Store.TextsAsync("run-1"))[0]);
    }

    [Fact]
    public async Task Limit_OfARun_LeavesOutCountsAndKeepsTheEnd()
    {
        var store = LogFixture.Open(_logs.DataDirectory, new LogOptions { MaxMegabytesPerRun = 1 });
        await using (var writer = store.OpenWriter("run-1", ["s3cr3t-value"]))
        {
            for (var i = 1; i <= 30_000; i++) await writer.OutAsync($"line {i} {new string('x', 100)}", "jobs.a");
            await writer.WriteAsync(LogSource.Sys, "jobs.b", "other", LogFixture.Cancellation);
            await writer.WriteBytesAsync(LogSource.Err, "jobs.a", "boom s3cr3t-value\n"u8.ToArray(), LogFixture.Cancellation);
            await writer.WriteAsync(LogSource.Sys, "jobs.a", "jobs.a failed", LogFixture.Cancellation);
            await writer.OutAsync("late", "jobs.c");
            writer.Complete();
        }
        var lines = await store.AllAsync("run-1");
        var full = lines.First(l => l.Text.StartsWith("This log has reached its limit of 1 MB.", StringComparison.Ordinal));
        Assert.InRange(full.Number, 9000, 10_500);
        var after = lines.Skip((int)full.Number).ToList();
        Assert.Equal("other", after[0].Text);
        var gap = LogGap.Of(after[1].Source, after[1].Text)!;
        Assert.Equal(30_001 - (full.Number - 1) - 100, gap.Lines);
        Assert.Equal([.. Enumerable.Range(29_902, 99).Select(i => $"line {i} {new string('x', 100)}"), "boom ***", "jobs.a failed", "late"], after.Skip(2).Select(l => l.Text));
        Assert.Equal(LogSource.Err, after[^3].Source);
        Assert.True(store.OpenRaw("run-1")!.Length < 1_100_000);
    }

    [Fact]
    public async Task Limit_OfALineWithoutEnd_IsKept()
    {
        var store = LogFixture.Open(_logs.DataDirectory, new LogOptions { MaxMegabytesPerRun = 1 });
        await using (var writer = store.OpenWriter("run-1", []))
        {
            for (var i = 0; i < 50; i++) await writer.WriteBytesAsync(LogSource.Out, "jobs.a", new byte[100_000], LogFixture.Cancellation);
            writer.Complete();
        }
        Assert.InRange(store.OpenRaw("run-1")!.Length, 1_000_000, 1_100_000);
        Assert.Contains(await store.TextsAsync("run-1"), t => t.StartsWith("This log has reached its limit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limit_OfAnInstance_DropsTheOlderHalfAndKeepsNumbers()
    {
        var store = LogFixture.Open(_logs.DataDirectory, new LogOptions { MaxMegabytesPerInstance = 1 });
        await using (var writer = store.OpenWriter("instance-ted1-abc", []))
        {
            for (var i = 1; i <= 60_000; i += 10) await writer.OutAsync(string.Join('\n', Enumerable.Range(i, 10).Select(n => $"line {n} {new string('x', 100)}")));
            var state = store.State("instance-ted1-abc");
            Assert.Equal(writer.TotalLines, state.TotalLines);
            await CheckAsync(state);
            writer.Complete();
        }
        var reopened = LogFixture.Open(_logs.DataDirectory, new LogOptions { MaxMegabytesPerInstance = 1 });
        await CheckAsync(reopened.State("instance-ted1-abc"));
        Assert.True(await reopened.CompressAsync("instance-ted1-abc", _ => ValueTask.CompletedTask, LogFixture.Cancellation));
        await CheckAsync(reopened.State("instance-ted1-abc"));
        await using (var writer = reopened.OpenWriter("instance-ted1-abc", [])) await writer.OutAsync("next");
        await CheckAsync(reopened.State("instance-ted1-abc"));

        async Task CheckAsync(LogState state)
        {
            Assert.NotNull(state.Pruned);
            var first = state.Pruned.Lines + 1;
            Assert.InRange(first, 40_000, state.TotalLines);
            var batch = await LogFixture.Open(_logs.DataDirectory).ReadAsync("instance-ted1-abc", 1, 1, LogFixture.Cancellation);
            Assert.Equal((first, first), (batch.FirstLine, Assert.Single(batch.Lines).Number));
            var raw = store.OpenRaw("instance-ted1-abc")!;
            using var reader = new StreamReader(raw);
            Assert.Equal(batch.Lines[0].Text, await reader.ReadLineAsync(LogFixture.Cancellation));
            Assert.InRange(raw.Length, 500_000, 1_100_000);
            var number = first;
            while (number <= state.TotalLines)
            {
                batch = await LogFixture.Open(_logs.DataDirectory).ReadAsync("instance-ted1-abc", number, 1000, LogFixture.Cancellation);
                Assert.Equal(number, batch.FirstLine);
                // A line of the dashboard's own for every drop stands between them.
                Assert.All(batch.Lines, l => Assert.True(l.Source == LogSource.Sys || l.Text == "next" || Math.Abs(l.Number - long.Parse(l.Text.Split(' ')[1])) < 30));
                number += batch.Lines.Count;
            }
        }
    }
}
