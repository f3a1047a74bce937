using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>Compressed logs whose file was damaged: what can be read is read, and what cannot is a gap.</summary>
public sealed class DamagedLogTests : IDisposable
{
    private const int Lines = 9000;
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task FlippedByte_InTheText_IsAGapOfItsLines()
    {
        var before = await MakeAsync();
        await ChangeAsync(file => file[file.Length / 2] ^= 0x55);

        var store = _logs.Reopen();
        var after = await store.AllAsync("run-1");

        Assert.Equal(before.Select(l => (l.Number, l.At, l.Task)), after.Select(l => (l.Number, l.At, l.Task)));
        var gapLine = Assert.Single(after, l => LogGap.Of(l.Source, l.Text) is not null);
        var gap = LogGap.Of(gapLine.Source, gapLine.Text)!;
        var missing = after.Where((l, i) => l.Text != before[i].Text).ToList();
        Assert.Equal((gap.Lines, missing[0].At, missing[^1].At), (missing.Count, gap.From!.Value, gap.To!.Value));
        Assert.Equal(missing[^1].Number - missing[0].Number + 1, missing.Count);
        Assert.InRange(missing.Count, 10, Lines / 2);
        Assert.All(missing.Where(l => l != gapLine), l => Assert.Equal("", l.Text));

        Assert.Equal(Lines - missing.Count, (await _logs.SearchAsync("run-1", "ünï", false, 1, 10, LogFixture.Cancellation)).Total);
        Assert.Equal(Lines, (await _logs.Questions().OutlineAsync("run-1", new OutlineFrame([], 10), LogFixture.Cancellation)).Groups.Sum(g => g.Lines));
        using var raw = new StreamReader(store.OpenRaw("run-1")!);
        var text = (await raw.ReadToEndAsync(LogFixture.Cancellation)).Split('\n');
        Assert.Equal(Lines + 1, text.Length);
        Assert.Equal(gapLine.Text, text[gapLine.Number - 1].Trim());

        // In the timeline of its service it is the same.
        _logs.Timelines.Advance("service-ted1_web", new TimelineMember("run-1", "web-1"));
        Assert.Equal(after.Select(l => (l.Number, l.Text)), (await store.AllAsync("service-ted1_web")).Select(l => (l.Number, l.Text)));
        // Whoever goes on with it can.
        await using (var writer = store.OpenWriter("run-1", [])) Assert.Equal(Lines + 1, await writer.OutAsync("next"));
        Assert.Equal(before[0].Text, (await store.ReadAsync("run-1", 1, 1, LogFixture.Cancellation)).Lines[0].Text);
    }

    [Fact]
    public async Task FlippedByte_Anywhere_LosesNothingSilently()
    {
        var before = await MakeAsync();
        var texts = before.Select(l => l.Text).ToHashSet();
        var path = _logs.File("run-1.log.zst");
        var whole = await File.ReadAllBytesAsync(path, LogFixture.Cancellation);
        // The end holds the directories: they are flipped more often than their share.
        var places = Enumerable.Range(1, 6).Select(i => whole.Length * i / 7).Concat(Enumerable.Range(1, 16).Select(i => whole.Length - 1 - (i * i)));
        foreach (var place in places)
        {
            await ChangeAsync(file => file[place] ^= 0x24, whole);
            var after = await _logs.Reopen().AllAsync("run-1");
            var gaps = after.Count(l => LogGap.Of(l.Source, l.Text) is not null);
            var read = after.Where(l => texts.Contains(l.Text)).Select(l => l.Text).Distinct().Count();
            Assert.True(read == Lines || (gaps > 0 && read > Lines / 2), $"At {place} of {whole.Length}: {read} lines are read and {gaps} gaps said.");
            Assert.All(after, l => Assert.True(l.Text.Length == 0 || texts.Contains(l.Text) || l.Source == LogSource.Sys, $"At {place}: {l.Text}"));
            Assert.True((await _logs.SearchAsync("run-1", "ünï", false, 1, 1, LogFixture.Cancellation)).Total >= read, $"At {place}");
        }
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.999)]
    public async Task CutFile_IsReadAsFarAsItGoes(double part)
    {
        var before = await MakeAsync();
        var path = _logs.File("run-1.log.zst");
        var whole = await File.ReadAllBytesAsync(path, LogFixture.Cancellation);
        await File.WriteAllBytesAsync(path, whole[..(int)(whole.Length * part)], LogFixture.Cancellation);

        var after = await _logs.Reopen().AllAsync("run-1");

        Assert.Equal(before.Take(after.Count - 1).Select(l => l.Text), after.SkipLast(1).Select(l => l.Text));
        Assert.True(after.Count - 1 >= (int)(Lines * (part - 0.35)), $"{after.Count}");
        Assert.Equal(LogSource.Sys, after[^1].Source);
        if (after.Count <= Lines) Assert.NotNull(LogGap.Of(after[^1].Source, after[^1].Text));
        Assert.All(after, l => Assert.True(l.At > DateTimeOffset.UnixEpoch.AddYears(1)));
        Assert.Equal(after.Count - 1, (await _logs.SearchAsync("run-1", "ünï", false, 1, 1, LogFixture.Cancellation)).Total);
    }

    [Fact]
    public async Task LineLargerThanAFrame_ThatIsDamaged_IsAGapAlone()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            var random = new Random(3);
            await writer.OutAsync("before");
            await writer.OutAsync(string.Concat(Enumerable.Range(0, 100_000).Select(_ => random.NextInt64().ToString("x"))));
            await writer.OutAsync("after");
            writer.Complete();
        }
        await CompressAsync();
        var path = _logs.File("run-1.log.zst");
        var whole = await File.ReadAllBytesAsync(path, LogFixture.Cancellation);
        for (var place = 100; place < whole.Length - 500; place += whole.Length / 7)
        {
            await ChangeAsync(file => file[place] ^= 0x55, whole);
            var after = await _logs.Reopen().AllAsync("run-1");
            Assert.Equal(("before", "after", 3), (after[0].Text, after[2].Text, after.Count));
            Assert.Equal(1, (await _logs.SearchAsync("run-1", "after", false, 1, 1, LogFixture.Cancellation)).Total);
        }
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], LogFixture.Cancellation);
        var cut = await _logs.Reopen().AllAsync("run-1");
        Assert.Equal((2, "before"), (cut.Count, cut[0].Text));
        Assert.NotNull(LogGap.Of(cut[1].Source, cut[1].Text));
    }

    private async Task ChangeAsync(Action<byte[]> change, byte[]? whole = null)
    {
        var path = _logs.File("run-1.log.zst");
        var file = whole is null ? await File.ReadAllBytesAsync(path, LogFixture.Cancellation) : [.. whole];
        change(file);
        await File.WriteAllBytesAsync(path, file, LogFixture.Cancellation);
    }

    private async Task<IReadOnlyList<LogLine>> MakeAsync()
    {
        var random = new Random(11);
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            for (var i = 1; i <= Lines; i++)
            {
                var text = $"{i} ünï {Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))}{new string('.', random.Next(200))}";
                await writer.WriteAsync(i % 3 == 0 ? LogSource.Err : LogSource.Out, i % 2 == 0 ? "jobs.b" : "jobs.a", text, LogFixture.Cancellation, DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(i));
            }
            writer.Complete();
        }
        await CompressAsync();
        return await _logs.Store.AllAsync("run-1");
    }

    private async Task CompressAsync() => Assert.True(await _logs.Store.CompressAsync("run-1", _ => ValueTask.CompletedTask, LogFixture.Cancellation));
}
