using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Engines.Docker.Capture;
using ReleaseDashboard.Core.Model;
using Xunit;

namespace ReleaseDashboard.Tests.Engines.Docker;

/// <summary>What Docker's log has behind known lines, when it is written later than it was heard, or was deleted.</summary>
public sealed class KeptOutputTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);

    [Fact]
    public async Task Log_WrittenSecondsAfterItWasHeard_GoesOnBehindTheKnownLineWithoutALoss()
    {
        // Lines 1 to 1,000 were heard; the log has 200 of them, and the rest comes with later times.
        var log = new Log(_clock, shown: now => now < Start + TimeSpan.FromSeconds(30) ? 200 : 2000, at: n => n <= 200 ? Start : Start + TimeSpan.FromSeconds(n / 100));
        var read = await ReadAsync(log, Heard(1000));
        Assert.DoesNotContain(read, r => r.Lost is not null);
        Assert.Equal(Enumerable.Range(1001, 1000).Select(n => $"n {n}"), read.Select(r => r.Line.Text));
    }

    [Fact]
    public async Task Log_ThatNeverShowsTheKnownLine_SaysThatItDoesNot()
    {
        var log = new Log(_clock, shown: _ => 200, at: n => n <= 100 ? Start : Start + TimeSpan.FromHours(1));
        var read = await ReadAsync(log, Heard(1000));
        Assert.Equal(KeptOutput.Unclear, read[0].Lost!.Reason);
        Assert.True(_clock.GetUtcNow() - Start >= KeptOutput.LongPatience);
    }

    [Fact]
    public async Task Log_WhoseOldLinesWereDeleted_SaysSoWithoutALongWait()
    {
        var log = new Log(_clock, shown: _ => 500, at: n => Start + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(n), first: 300);
        var read = await ReadAsync(log, Heard(100));
        Assert.Contains("deleted", read[0].Lost!.Reason, StringComparison.Ordinal);
        Assert.Equal("n 300", read[1].Line.Text);
        Assert.True(_clock.GetUtcNow() - Start < TimeSpan.FromSeconds(10));
    }

    private static KnownOutput Heard(int lines) =>
        new(new OutputMark(lines, [.. Enumerable.Range(lines - 63, 64).Select(n => new OutputLine(Start, LogSource.Out, $"n {n}"))]));

    private async Task<List<(OutputLine Line, OutputLoss? Lost)>> ReadAsync(Log log, KnownOutput known)
    {
        var reading = new KeptOutput(log, "c", known, _clock).ReadAsync(DateTimeOffset.MaxValue, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
        while (!reading.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await reading;
    }

    /// <param name="shown">The last line the log has at a time.</param>
    private sealed class Log(TimeProvider clock, Func<DateTimeOffset, int> shown, Func<int, DateTimeOffset> at, int first = 1) : IKeptLines
    {
        public IAsyncEnumerable<OutputLine> ReadAsync(string containerId, int? tail, bool follow, CancellationToken cancellationToken) =>
            Lines().TakeLast(tail ?? int.MaxValue).ToAsyncEnumerable();

        public IAsyncEnumerable<OutputLine> ReadSinceAsync(string containerId, DateTimeOffset since, CancellationToken cancellationToken) =>
            Lines().Where(l => l.At >= since).ToAsyncEnumerable();

        private IEnumerable<OutputLine> Lines() =>
            Enumerable.Range(first, shown(clock.GetUtcNow()) - first + 1).Select(n => new OutputLine(at(n), LogSource.Out, $"n {n}"));
    }
}
