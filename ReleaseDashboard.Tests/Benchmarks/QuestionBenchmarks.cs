using System.Diagnostics;
using System.Text;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>Questions to a log of 1,000,000 lines and 128 MB.</summary>
public sealed class QuestionBenchmarks : IDisposable
{
    private const int Lines = 1_000_000;
    private const int Repeats = 5;

    private readonly LogFixture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact(Explicit = true)]
    public async Task Search_OfAMillionLines()
    {
        await FillAsync("run-1", Lines);
        var questions = _logs.Questions();
        foreach (var (what, query) in new (string, LogQuery)[]
            {
                ("text, once in it", new("the only needle")), ("text, any case, 20,000 times", new("TimeOut", Case: LogCase.Ignore)), ("one letter, everywhere", new("e")),
                ("other script, any case", new("größe")), ("regular expression", new("request [0-9]+ failed after \\d{3} ms", Regex: true)),
            })
        {
            BenchTable.Row($"Search 1,000,000 lines, 128 MB, complete: {what}", await MedianAsync(() => questions.SearchAsync("run-1", query, 1, 100, LogFixture.Cancellation)), "ms", target: "< 500 ms; first hit < 200 ms");
        }
        var grep = await MedianAsync(() => Tool.RunAsync("grep", ["-c", "-i", "timeout", _logs.File("run-1.log")]));
        BenchTable.Row("… the same with grep -c -i timeout", grep, "ms");
        BenchTable.Row("Filter 1,000,000 lines by errors", await MedianAsync(() => questions.FilterAsync("run-1", new LineFilter(null, [LineMark.Error], 2), 1, LogFixture.Cancellation)), "ms", target: "< 500 ms");
    }

    [Fact(Explicit = true)]
    public async Task Outline_OfAMillionLines()
    {
        await FillAsync("run-1", Lines);
        BenchTable.Row("Outline 1,000,000 lines, first time", await MedianAsync(() => _logs.Questions().OutlineAsync("run-1", new OutlineFrame([], 200), LogFixture.Cancellation)), "ms");
        var questions = _logs.Questions();
        await questions.OutlineAsync("run-1", new OutlineFrame([], 200), LogFixture.Cancellation);
        await using var writer = _logs.Store.OpenWriter("run-1", []);
        var more = Text(Lines, 10_000);
        BenchTable.Row(
            "… asked again after 10,000 more lines",
            await MedianAsync(() => questions.OutlineAsync("run-1", new OutlineFrame([], 200), LogFixture.Cancellation), () => writer.OutAsync(more, "jobs.load").AsTask()), "ms");
    }

    [Fact(Explicit = true)]
    public async Task Difference_OfAHundredThousandLines()
    {
        await FillAsync("run-1", 100_000);
        await FillAsync("run-2", 100_000, shift: 17);
        BenchTable.Row("Difference of two logs of 100,000 lines", await MedianAsync(() => _logs.Questions().CompareAsync("run-2", "run-1", LogFixture.Cancellation)), "ms");
    }

    private static async Task<double> MedianAsync(Func<Task> ask, Func<Task>? before = null)
    {
        var times = new List<double>();
        for (var i = 0; i <= Repeats; i++)
        {
            if (before is not null) await before();
            var watch = Stopwatch.StartNew();
            await ask();
            // The first makes the caches warm.
            if (i > 0) times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return BenchTable.Median(times);
    }

    private async Task FillAsync(string log, int lines, int shift = 0)
    {
        await using var writer = _logs.Store.OpenWriter(log, []);
        for (var i = 0; i < lines; i += 10_000) await writer.WriteAsync(LogSource.Out, $"jobs.load{i / 10_000 % 4}", Text(i + shift, 10_000), LogFixture.Cancellation);
    }

    private static string Text(int first, int count)
    {
        var text = new StringBuilder();
        for (var i = first; i < first + count; i++)
        {
            var end = i == 700_123 ? "the only needle"
                : i % 997 == 0 ? "Größe error: connection refused"
                : i % 50 == 0 ? "timeout of the upstream"
                : "served from the cache in good time";
            var line = $"2026-11-23T10:20:{i % 60:00}.{i % 1000:000}Z INFO  request {i} of the client at 10.0.{i % 256}.7 for /catalogue/items/{i % 5000}: {end}";
            if (i % 997 == 0) line = line.Replace(" INFO  ", " ERROR ", StringComparison.Ordinal);
            text.Append(line.PadRight(127, '.')).Append('\n');
        }
        return text.ToString();
    }
}
