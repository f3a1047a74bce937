using System.Diagnostics;
using System.Text;
using ReleaseDashboard.Core.Logs.Writing;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>The log files alone: how fast lines come in, are masked, are compressed, and are found again.</summary>
public sealed class LogStoreBenchmarks
{
    private const int Lines = 1_000_000;

    [Fact(Explicit = true)]
    public async Task Write_MillionsOfLines()
    {
        using var logs = new LogFixture();
        var chunk = Chunk(64 * 1024, 120);
        var lines = chunk.Count(b => b == (byte)'\n');
        var plain = await BestAsync(() => WriteAsync(logs, "run-1", [], chunk, 40_000_000 / 120 * 10));
        var masked = await BestAsync(() => WriteAsync(logs, "run-2", Secrets(20), chunk, 40_000_000 / 120 * 10));
        var copied = await BestAsync(() => CopyAsync(logs.File("copy"), chunk, 40_000_000 / 120 * 10 / lines));
        BenchTable.Row("Log writer, 120-byte lines in pieces of 64 KiB", plain / 1e6, "million lines/s", copied / 1e6, "the same bytes written to a file", "≥ 1");
        BenchTable.Row("Log writer, the same with 20 secrets to mask", masked / 1e6, "million lines/s", copied / 1e6, "the same bytes written to a file", "≥ 1");
        var one = await BestAsync(async () =>
        {
            await using var writer = logs.Reopen().OpenWriter("run-3", Secrets(20));
            var text = new string('x', 119);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 200_000; i++) await writer.WriteAsync(LogSource.Out, "jobs.a", text, LogFixture.Cancellation);
            return 200_000 / watch.Elapsed.TotalSeconds;
        });
        BenchTable.Row("Log writer, a call for each line", one / 1e6, "million lines/s");
    }

    [Fact(Explicit = true)]
    public async Task Kill_FiftyTimes()
    {
        await LogKillTests.KillWhileBytesAreWrittenAsync(50);
        BenchTable.Row("kill -9 of the writer of a numbered sequence: kills after which every acknowledged line is there", 50, "of 50");
    }

    [Fact(Explicit = true)]
    public void Mask_TwentySecrets()
    {
        var mask = new LineMask(new SecretMask(Secrets(20)));
        var chunk = Chunk(1 << 20, 120);
        var search = System.Buffers.SearchValues.Create([.. Secrets(20)], StringComparison.Ordinal);
        var text = Encoding.UTF8.GetString(chunk);
        var own = Enumerable.Range(0, 5).Max(_ => Rate(() => Assert.True(mask.Apply(chunk).Length == chunk.Length), chunk.Length));
        var reference = Enumerable.Range(0, 5).Max(_ => Rate(() => Assert.False(text.AsSpan().ContainsAny(search)), chunk.Length));
        BenchTable.Row("Masking of 20 secrets in all their forms, nothing matches", own / 1e6, "MB/s", reference / 1e6, ".NET's SearchValues for the 20 plain texts", "≥ 300 MB/s");

        static double Rate(Action act, int bytes)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 64; i++) act();
            return 64.0 * bytes / watch.Elapsed.TotalSeconds;
        }
    }

    [Fact(Explicit = true)]
    public async Task Compressed_MillionLines()
    {
        using var logs = new LogFixture();
        await using (var writer = logs.Store.OpenWriter("run-1", []))
        {
            var random = new Random(1);
            var batch = new StringBuilder();
            for (var i = 1; i <= Lines; i++)
            {
                batch.Append($"{i:D8} [build {i % 17}] compiling src/module{random.Next(900)}/file{random.Next(9000)}.ts in {random.Next(4000)} ms {(i == 777_777 ? "needle-in-the-log" : "")} ").Append('.', 60).Append('\n');
                if (i % 100 != 0) continue;
                await writer.WriteBytesAsync(LogSource.Out, $"jobs.{i % 3}", Encoding.UTF8.GetBytes(batch.ToString()), LogFixture.Cancellation);
                batch.Clear();
            }
            writer.Complete();
        }
        var size = new FileInfo(logs.File("run-1.log")).Length;
        var index = new FileInfo(logs.File("run-1.idx")).Length;
        var plainSearch = await MedianAsync(SearchAsync);
        var plainPage = await MedianAsync(PageAsync);
        var watch = Stopwatch.StartNew();
        Assert.True(await logs.Store.CompressAsync("run-1", _ => ValueTask.CompletedTask, LogFixture.Cancellation));
        BenchTable.Row($"Compressing a log of a million lines, {size / 1e6:0} MB of text and {index / 1e6:0} MB of index", size / 1e6 / watch.Elapsed.TotalSeconds, "MB/s");
        BenchTable.Row("Size of it compressed", new FileInfo(logs.File("run-1.log.zst")).Length / 1e6, "MB", (size + index) / 1e6, "plain");
        BenchTable.Row("Whole search of it, compressed", await MedianAsync(SearchAsync), "ms", plainSearch, "plain", "< 500 ms");
        BenchTable.Row("A page of 200 lines anywhere in it, compressed", await MedianAsync(PageAsync), "ms", plainPage, "plain", "a few ms");

        async Task<double> SearchAsync()
        {
            var search = Stopwatch.StartNew();
            Assert.Equal(1, (await logs.SearchAsync("run-1", "needle-in-the-log", false, 1, 100, LogFixture.Cancellation)).Total);
            return search.Elapsed.TotalMilliseconds;
        }

        async Task<double> PageAsync()
        {
            var random = new Random();
            var page = Stopwatch.StartNew();
            for (var i = 0; i < 20; i++) Assert.Equal(200, (await logs.Store.ReadAsync("run-1", random.Next(1, Lines - 200), 200, LogFixture.Cancellation)).Lines.Count);
            return page.Elapsed.TotalMilliseconds / 20;
        }
    }

    private static async Task<double> WriteAsync(LogFixture logs, string id, string[] secrets, byte[] chunk, int lines)
    {
        var store = logs.Reopen();
        double rate;
        await using (var writer = store.OpenWriter(id, secrets))
        {
            var watch = Stopwatch.StartNew();
            while (writer.TotalLines < lines) await writer.WriteBytesAsync(LogSource.Out, "jobs.a", chunk, LogFixture.Cancellation);
            rate = writer.TotalLines / watch.Elapsed.TotalSeconds;
        }
        store.Delete(id);
        return rate;
    }

    private static async Task<double> CopyAsync(string path, byte[] chunk, int times)
    {
        var watch = Stopwatch.StartNew();
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            for (var i = 0; i < times; i++) file.Write(chunk);
        }
        var rate = (double)times * chunk.Count(b => b == (byte)'\n') / watch.Elapsed.TotalSeconds;
        File.Delete(path);
        return rate;
    }

    private static byte[] Chunk(int bytes, int line)
    {
        var random = new Random(2);
        var text = new StringBuilder();
        while (text.Length < bytes) text.Append($"{text.Length} {Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))} step finished ".PadRight(line - 1, '=')).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string[] Secrets(int count) => [.. Enumerable.Range(0, count).Select(i => $"pa$$w0rd-{i * 7919:X}-of/the{i}+service")];

    private static async Task<double> BestAsync(Func<Task<double>> measure)
    {
        var best = 0.0;
        for (var i = 0; i < 3; i++) best = Math.Max(best, await measure());
        return best;
    }

    private static async Task<double> MedianAsync(Func<Task<double>> measure)
    {
        var values = new List<double>();
        for (var i = 0; i < 7; i++) values.Add(await measure());
        return BenchTable.Median(values);
    }
}
