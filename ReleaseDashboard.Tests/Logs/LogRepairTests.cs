using CsCheck;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>What a reader and the next writer see of files that were cut off anywhere.</summary>
public sealed class LogRepairTests : IDisposable
{
    private static readonly string[] Lines = ["one", "", "three ünïcode", "four\twith <b>", "five"];
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Index_CutAtEveryByte_LeavesAPrefixAndGoesOn()
    {
        var (text, index) = await MakeAsync();
        for (var cut = 24; cut <= index.Length; cut++)
        {
            var expected = Lines[..Math.Min(Lines.Length, (cut / 24) - 1)];
            await CheckAsync(text, index[..cut], expected, notice: false);
        }
    }

    [Fact]
    public async Task Text_CutAtEveryByte_LeavesAPrefixAndSaysWhatIsLost()
    {
        var (text, index) = await MakeAsync();
        for (var cut = 0; cut < text.Length; cut++)
        {
            var whole = text[..cut].Count(b => b == '\n');
            await CheckAsync(text[..cut], index, Lines[..whole], notice: true);
        }
    }

    [Fact]
    public async Task Text_WithAnUnfinishedWriteBehind_IsCutWithoutAWord()
    {
        var (text, index) = await MakeAsync();
        await CheckAsync([.. text, .. "torn wri"u8], index, Lines, notice: false);
        await CheckAsync([.. text, .. "never acknowledged\n"u8], index, Lines, notice: false);
    }

    [Fact]
    public async Task Text_Overwritten_IsKeptAndDoubted()
    {
        var (text, index) = await MakeAsync();
        text[^2] ^= 1;
        await CheckAsync(text, index, [.. Lines[..^1], "fivd"], notice: true);
    }

    [Fact]
    public async Task Index_Missing_IsMadeAgainFromTheText()
    {
        var (text, _) = await MakeAsync();
        await CheckAsync(text, [], Lines, notice: true, readBefore: false);
    }

    [Fact]
    public async Task Index_ZeroFilledTail_IsNoLine()
    {
        var (text, index) = await MakeAsync();
        Array.Clear(index, index.Length - 24, 24);
        await CheckAsync(text, index, Lines, notice: true, readBefore: false);
    }

    [Fact]
    public Task Write_RandomBatchesAndCuts_AlwaysLeaveAPrefix() =>
        Gen.Select(Gen.String[0, 12].Array[1, 12], Gen.Int[0, 400], Gen.Int[0, 400]).SampleAsync(async sample =>
        {
            var (texts, cutText, cutIndex) = sample;
            using var logs = new LogFixture();
            await using (var writer = logs.Store.OpenWriter("run-1", []))
            {
                foreach (var text in texts) await writer.OutAsync(text, "jobs.a");
            }
            var before = await logs.Store.TextsAsync("run-1");
            Truncate(logs.File("run-1.log"), cutText);
            Truncate(logs.File("run-1.idx"), cutIndex);

            var reopened = logs.Reopen();
            await using (reopened.OpenWriter("run-1", []))
            {
                var after = await reopened.TextsAsync("run-1");
                var kept = after.TakeWhile(l => !l.StartsWith("This log was damaged", StringComparison.Ordinal)).ToArray();
                // The notice, and the gap with its size.
                Assert.True(after.Length <= kept.Length + 2);
                Assert.Equal(before[..kept.Length], kept);
            }
        }, iter: 200, threads: 1);

    private static void Truncate(string path, int bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(Math.Max(0, file.Length - bytes));
    }

    private async Task<(byte[] Text, byte[] Index)> MakeAsync()
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", []))
        {
            foreach (var line in Lines) await writer.OutAsync(line, "jobs.a");
        }
        return (await File.ReadAllBytesAsync(_logs.File("run-1.log"), LogFixture.Cancellation), await File.ReadAllBytesAsync(_logs.File("run-1.idx"), LogFixture.Cancellation));
    }

    private async Task CheckAsync(byte[] text, byte[] index, string[] expected, bool notice, bool readBefore = true)
    {
        await File.WriteAllBytesAsync(_logs.File("run-1.log"), text, LogFixture.Cancellation);
        await File.WriteAllBytesAsync(_logs.File("run-1.idx"), index, LogFixture.Cancellation);
        var store = _logs.Reopen();
        // A reader that comes before the writer sees the same prefix and repairs nothing.
        if (readBefore && text.AsSpan().IndexOf("fivd"u8) < 0) Assert.Equal(expected, await store.TextsAsync("run-1"));
        await using var writer = store.OpenWriter("run-1", []);
        await writer.OutAsync("next");
        var lines = await store.AllAsync("run-1");
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(i => (long)i), lines.Select(l => l.Number));
        Assert.Equal([.. expected, .. lines.Skip(expected.Length).Where(l => l.Source == LogSource.Sys).Select(l => l.Text), "next"], lines.Select(l => l.Text));
        Assert.Equal(notice ? 1 : 0, lines.Count(l => l.Source == LogSource.Sys && l.Text.StartsWith("This log was damaged", StringComparison.Ordinal)));
    }
}
