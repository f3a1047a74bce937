using System.Text;
using System.Text.Json;
using ReleaseDashboard.Core.Logs.Writing;
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

    private static string Apply(string[] secrets, string text) =>
        Encoding.UTF8.GetString(new LineMask(new SecretMask(secrets)).Apply(Encoding.UTF8.GetBytes(text + "\n")))[..^1];

    private static string Padded(string base64) => base64.Length % 4 == 1 ? base64[..^1].PadRight(base64.Length - 1, '=') : base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}
