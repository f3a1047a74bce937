using System.Text;
using System.Text.Json;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Writing;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

public sealed class SecretMaskTests
{
    private const string Secret = "p@ss \"w/ö+rd\"?";

    public static TheoryData<string> Forms =>
    [
        Secret,
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        Uri.EscapeDataString(Secret),
        System.Net.WebUtility.UrlEncode(Secret),
        JsonSerializer.Serialize(Secret).Trim('"'),
        "p@ss \\\"w/\\u00f6+rd\\\"?",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_EveryForm_IsMasked(string form) => Assert.Equal("before ***, after ***", Apply([Secret], $"before {form}, after {form}").Replace("***==", "***").Replace("***=", "***"));

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("us")]
    [InlineData("user:")]
    public void Apply_InsideABasicHeader_IsMasked(string before)
    {
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "correct-horse" + ":x"));
        var masked = Apply(["correct-horse"], "Authorization: Basic " + header);
        Assert.Contains("***", masked, StringComparison.Ordinal);
        // What is left of the header gives at most the first or last character away.
        Assert.DoesNotContain("orrect-hors", Encoding.UTF8.GetString(Convert.FromBase64String(Padded(masked.Split("***")[0].Split(' ')[^1]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_SecretOfSeveralLines_IsMaskedWholeAndByLine()
    {
        const string Key = "-----BEGIN KEY-----\nabcdefgh\nxy\n-----END KEY-----\n";
        var masked = Apply([Key], $"got {Key}done");
        Assert.DoesNotContain("abcdefgh", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("xy", masked, StringComparison.Ordinal);
        Assert.Equal(Key.Count(c => c == '\n'), masked.Count(c => c == '\n'));
        Assert.Equal("a line: ***", Apply([Key], "a line: abcdefgh"));
    }

    [Fact]
    public void Apply_OverlappingSecrets_LeaveNoRest() =>
        Assert.Equal("x *** y", Apply(["hunter22", "er22tail", "hunter"], "x hunter22tail y"));

    [Fact]
    public void Apply_ShortSecret_IsLeftAlone() => Assert.Equal("a abc b", Apply(["abc", "", "  a "], "a abc b"));

    [Fact]
    public async Task Writer_MasksBeforeTheFile()
    {
        using var logs = new LogFixture();
        await using (var writer = logs.Store.OpenWriter("run-1", ["s3cr3t-value"]))
        {
            await writer.OutAsync("token=s3cr3t-value\nagain s3cr3t-value!");
        }
        Assert.Equal("token=***\nagain ***!\n", await File.ReadAllTextAsync(logs.File("run-1.log"), LogFixture.Cancellation));
    }

    [Fact]
    public async Task Writer_SecretCutByChunks_IsMasked()
    {
        using var logs = new LogFixture();
        for (var cut = 1; cut < "s3cr3t-value".Length; cut++)
        {
            var id = $"run-{cut}";
            await using (var writer = logs.Store.OpenWriter(id, ["s3cr3t-value"]))
            {
                await writer.WriteBytesAsync(LogSource.Out, "jobs.a", Encoding.UTF8.GetBytes("token=s3cr3t-value"[..(6 + cut)]), LogFixture.Cancellation);
                await writer.WriteAsync(LogSource.Sys, "jobs.a", "between", LogFixture.Cancellation);
                await writer.WriteBytesAsync(LogSource.Out, "jobs.a", Encoding.UTF8.GetBytes("token=s3cr3t-value"[(6 + cut)..] + "\n"), LogFixture.Cancellation);
                Assert.Equal([new SecretFinding("jobs.a", 1, 2)], writer.Findings);
            }
            Assert.Equal(["between", "token=***"], await logs.Store.TextsAsync(id));
        }
    }

    [Fact]
    public async Task Writer_SecretInAnEndlessLine_IsMaskedWhereverThePiecesEnd()
    {
        using var logs = new LogFixture();
        var random = new Random(5);
        var (text, count) = (new StringBuilder(), 0);
        while (text.Length < 3_000_000)
        {
            text.Append('x', random.Next(1, 40_000)).Append("s3cr3t-value");
            count++;
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        await using (var writer = logs.Store.OpenWriter("run-1", ["s3cr3t-value", "value and more of it"]))
        {
            for (var at = 0; at < bytes.Length;)
            {
                var size = Math.Min(random.Next(1, 70_000), bytes.Length - at);
                await writer.WriteBytesAsync(LogSource.Out, "jobs.a", bytes.AsMemory(at, size), LogFixture.Cancellation);
                at += size;
            }
            writer.Complete();
        }
        Assert.Equal(text.ToString().Replace("s3cr3t-value", "***") + "\n", await File.ReadAllTextAsync(logs.File("run-1.log"), LogFixture.Cancellation));
        Assert.Equal([new SecretFinding("jobs.a", count, 1)], logs.Reopen().Findings("run-1"));
    }

    [Fact]
    public async Task Writer_SecretOfSeveralLinesPrintedOneByOne_IsMaskedToItsShortLines()
    {
        using var logs = new LogFixture();
        const string Key = "-----BEGIN KEY-----\nabcdefgh\nxy==\n-----END KEY-----\n";
        await using (var writer = logs.Store.OpenWriter("run-1", [Key]))
        {
            await writer.OutAsync("xy==", "jobs.a");
            foreach (var line in Key.Trim().Split('\n'))
            {
                await writer.OutAsync("  " + line + "\r\n", "jobs.a");
                await writer.OutAsync("other", "jobs.b");
            }
            await writer.OutAsync("xy==", "jobs.a");
            Assert.Equal([new SecretFinding("jobs.a", 1, 2)], writer.Findings);
        }
        Assert.Equal(["xy==", "  ***", "other", "  ***", "other", "***", "other", "  ***", "other", "xy=="], await logs.Store.TextsAsync("run-1"));
    }

    [Fact]
    public void Apply_Base64BrokenIntoLines_IsMasked()
    {
        var secret = string.Concat(Enumerable.Range(0, 40).Select(i => $"key{i}:"));
        var printed = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret + "\n")).Chunk(76).Select(c => new string(c)).ToArray();
        Assert.True(printed.Length > 2);
        // A rest of a few letters is left: it would be found in other text.
        Assert.All(printed.Where(l => l.Length >= 12), line => Assert.StartsWith("***", Apply([secret], line), StringComparison.Ordinal));
    }

    [Fact]
    public void Apply_ManySecretsOfAnyLength_FindsWhatAPlainSearchFinds()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var secrets = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Letters(random.Next(4, 14))).ToArray();
            var text = string.Concat(Enumerable.Range(0, 40).Select(_ => random.Next(3) == 0 ? secrets[random.Next(secrets.Length)] : Letters(random.Next(9))));
            var masked = Apply(secrets, text);
            Assert.All(secrets, s => Assert.DoesNotContain(s, masked, StringComparison.Ordinal));
            Assert.Equal(secrets.Any(s => text.Contains(s, StringComparison.Ordinal)), masked != text);
        }

        string Letters(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(3)))]);
    }

    private static string Apply(string[] secrets, string text) =>
        Encoding.UTF8.GetString(new LineMask(new SecretMask(secrets)).Apply(Encoding.UTF8.GetBytes(text + "\n")))[..^1];

    private static string Padded(string base64) => base64.Length % 4 == 1 ? base64[..^1].PadRight(base64.Length - 1, '=') : base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}
