using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using Xunit;

namespace ReleaseDashboard.Tests.Logs.Questions;

public sealed class LogFilterTests : IDisposable
{
    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("needle", "", 0)]
    [InlineData("needle", "", 3)]
    [InlineData(null, "error", 0)]
    [InlineData(null, "error,warning", 2)]
    [InlineData("needle", "warning", 1)]
    [InlineData("🚀", "error", 0)]
    public async Task Filter_OfARandomLog_IsWhatReadingEveryLineGives(string? text, string marks, int context)
    {
        await using (var writer = _logs.Store.OpenWriter("run-1", [])) await RandomLogs.WriteAsync(writer, context, 3000, longLines: true);
        var wanted = marks.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(m => Enum.Parse<LineMark>(m, ignoreCase: true)).ToList();
        var lines = await _logs.Store.TextsAsync("run-1");
        bool Fits(string line) =>
            (text is null || line.Contains(text, StringComparison.OrdinalIgnoreCase)) && (wanted.Count == 0 || wanted.Contains(LineMarks.Of(line)));
        var fitting = Enumerable.Range(1, lines.Length).Where(n => Fits(lines[n - 1])).ToList();
        var shown = fitting.SelectMany(n => Enumerable.Range(n - context, (2 * context) + 1)).Where(n => n >= 1 && n <= lines.Length).Distinct().Order();

        var found = await _logs.Questions().FilterAsync("run-1", new LineFilter(text is null ? null : new LogQuery(text), wanted, context), 1, LogFixture.Cancellation);

        Assert.NotEmpty(fitting);
        Assert.Equal((fitting.Count, lines.Length, null), (found.Total, found.TotalLines, found.NextFrom));
        Assert.Equal(shown.Select(n => (long)n), found.Ranges.SelectMany(r => Enumerable.Range((int)r.From, (int)(r.To - r.From + 1))).Select(n => (long)n));
        Assert.All(found.Ranges.Zip(found.Ranges.Skip(1)), p => Assert.True(p.First.To + 1 < p.Second.From));
    }

    [Fact]
    public async Task Filter_WithMoreRangesThanAPage_GoesOnWithoutGapOrRepeat()
    {
        const int lines = 90_000;
        await using (var writer = _logs.Store.OpenWriter("run-2", [])) await writer.OutAsync(string.Join('\n', Enumerable.Range(1, lines).Select(i => i % 2 == 0 ? "even" : "odd")));
        var all = new List<LineRange>();
        var pages = 0;
        for (long? from = 1; from is not null; pages++)
        {
            var page = await _logs.Questions().FilterAsync("run-2", new LineFilter(new LogQuery("even"), [], 0), from.Value, LogFixture.Cancellation);
            Assert.Equal(lines / 2, page.Total);
            Assert.True(page.Ranges.Count <= 20_000);
            all.AddRange(page.Ranges);
            from = page.NextFrom;
        }
        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(1, lines / 2).Select(i => new LineRange(2 * i, 2 * i)), all);
    }
}
