using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Logs.Questions;

/// <summary>The search against one that reads every line as it is shown.</summary>
public sealed class LogSearchTests : IDisposable
{
    private const string CutMark = " … [";

    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("needle", false, LogCase.Auto)]
    [InlineData("Needle", false, LogCase.Auto)]
    [InlineData("NEEDLE", false, LogCase.Ignore)]
    [InlineData("needle", false, LogCase.Match)]
    [InlineData("naïve", false, LogCase.Auto)]
    [InlineData("naïve", false, LogCase.Match)]
    [InlineData("語", false, LogCase.Auto)]
    [InlineData("🚀", false, LogCase.Match)]
    [InlineData("aa", false, LogCase.Auto)]
    [InlineData("e", false, LogCase.Auto)]
    [InlineData(" ", false, LogCase.Auto)]
    [InlineData("0 errors", false, LogCase.Auto)]
    [InlineData("\0", false, LogCase.Auto)]
    [InlineData("not there at all", false, LogCase.Auto)]
    [InlineData("ok\nGET", false, LogCase.Auto)]
    [InlineData("n\\w+e", true, LogCase.Auto)]
    [InlineData("^(ERROR|warning)", true, LogCase.Ignore)]
    [InlineData("x$", true, LogCase.Match)]
    [InlineData("^$", true, LogCase.Auto)]
    public async Task Search_OfARandomLog_FindsWhatReadingEveryLineFinds(string text, bool regex, LogCase @case)
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await RandomLogs.WriteAsync(writer, text.Length, 400, longLines: true);
        var shown = await ShownAsync("run-1");
        var expected = shown.SelectMany((line, i) => Naive(line, text, regex, @case).Select(m => (Number: i + 1L, m.Column, m.Length))).ToList();

        foreach (var limit in new[] { 7, 1000 })
        {
            var found = new List<(long Number, int Column, int Length)>();
            for (long? from = 1; from is not null;)
            {
                var page = await _logs.Questions().SearchAsync("run-1", new LogQuery(text, regex, @case), from.Value, limit, LogFixture.Cancellation);
                Assert.Equal(expected.Count, page.Total);
                Assert.All(page.Matches, m => Assert.StartsWith(m.Text, shown[(int)m.Number - 1], StringComparison.Ordinal));
                Assert.All(page.Matches, m => Assert.True(m.Text.Length >= m.Column + m.Length));
                found.AddRange(page.Matches.Select(m => (m.Number, m.Column, m.Length)));
                Assert.True(page.NextFrom is null || page.NextFrom > from);
                from = page.NextFrom;
            }
            // A single line with more matches than a page has room for is answered with the first of them.
            Assert.Equal(expected.GroupBy(m => m.Number).SelectMany(g => g.Take(limit)), found);
        }
    }

    [Fact]
    public async Task Search_OfALogThatGrows_SeesEveryLineThatIsWritten()
    {
        await using var writer = _logs.Store.OpenWriter("run-2", []);
        var questions = _logs.Questions();
        for (var i = 1; i <= 300; i++)
        {
            await writer.OutAsync($"line {i} has a needle {new string('x', i * 10)}");
            var found = await questions.SearchAsync("run-2", new LogQuery("NEEDLE", Case: LogCase.Ignore), i, 10, LogFixture.Cancellation);
            Assert.Equal((i, i), (found.Total, Assert.Single(found.Matches).Number));
        }
    }

    [Fact]
    public async Task Search_OfNothing_FindsNothing()
    {
        await using (var writer = _logs.Store.OpenWriter("run-3", [])) writer.Complete();
        Assert.Equal((0, null), await TotalAsync("run-3"));
        Assert.Equal((0, null), await TotalAsync("run-none"));
    }

    [Fact]
    public async Task Search_OfBytesThatAreNoText_GoesOn()
    {
        await using (var writer = _logs.Store.OpenWriter("run-4", [])) await writer.OutAsync("abc needle\nxx needle\nneedle");
        var bytes = File.ReadAllBytes(_logs.File("run-4.log"));
        bytes[0] = 0xFF;
        bytes[11] = 0xE2;
        bytes[12] = 0x82;
        File.WriteAllBytes(_logs.File("run-4.log"), bytes);
        foreach (var query in new[] { new LogQuery("needle"), new LogQuery("n.edle", true) })
        {
            var found = await _logs.Questions().SearchAsync("run-4", query, 1, 10, LogFixture.Cancellation);
            Assert.Equal([1, 2, 3], found.Matches.Select(m => m.Number));
            var lines = await _logs.Store.TextsAsync("run-4");
            Assert.All(found.Matches, m => Assert.Equal("needle", lines[m.Number - 1].Substring(m.Column, m.Length)));
        }
    }

    private async Task<(long Total, long? NextFrom)> TotalAsync(string log)
    {
        var found = await _logs.Questions().SearchAsync(log, new LogQuery("a"), 1, 10, LogFixture.Cancellation);
        return (found.Total, found.NextFrom);
    }

    /// <summary>Lines without the mark that says how much of them is left out.</summary>
    private async Task<string[]> ShownAsync(string log) =>
        [.. (await _logs.Store.TextsAsync(log)).Select(t => t.EndsWith("the raw log has them]", StringComparison.Ordinal) ? t[..t.LastIndexOf(CutMark, StringComparison.Ordinal)] : t)];

    private static IEnumerable<(int Column, int Length)> Naive(string line, string text, bool regex, LogCase @case)
    {
        var ignore = @case == LogCase.Ignore || (@case == LogCase.Auto && !regex && !text.Any(char.IsUpper));
        if (regex)
        {
            foreach (Match match in Regex.Matches(line, text, (ignore ? RegexOptions.IgnoreCase : RegexOptions.None) | RegexOptions.CultureInvariant)) yield return (match.Index, match.Length);
            yield break;
        }
        for (int at = 0, hit; (hit = line.IndexOf(text, at, ignore ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) >= 0; at = hit + text.Length) yield return (hit, text.Length);
    }
}
