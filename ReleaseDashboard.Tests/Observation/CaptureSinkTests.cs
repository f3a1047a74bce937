using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Tests.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Observation;

public sealed class CaptureSinkTests : IDisposable
{
    private const string Reason = "Docker cannot give what it kept";
    private readonly LogFixture _logs = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task CrashLoop_WhoseOutputIsNotKept_IsOneGapForTheSeries()
    {
        await using (var sink = NewSink())
        {
            for (var start = 1; start <= 20; start++)
            {
                await LoseAsync(sink);
                await PrintAsync(sink, $"start {start}");
                _clock.Advance(TimeSpan.FromSeconds(2));
            }
        }

        var gaps = await GapsAsync();
        Assert.Equal([Reason, $"{Reason}; it happened 19 times in this time"], gaps.Select(g => g.Reason));
        Assert.Equal(_clock.GetUtcNow() - TimeSpan.FromSeconds(2), gaps[1].To);
        Assert.Equal(20, (await _logs.Store.TextsAsync("instance-a-b")).Count(t => t.StartsWith("start ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CrashLoop_OfADay_IsToldNowAndThen()
    {
        await using (var sink = NewSink())
        {
            for (var start = 0; start < 24 * 60; start++)
            {
                await LoseAsync(sink);
                _clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        Assert.InRange((await GapsAsync()).Count, 20, 35);
    }

    [Fact]
    public async Task Gaps_FarApartOrForOtherReasons_AreToldAtOnce()
    {
        await using var sink = NewSink();
        await LoseAsync(sink);
        await LoseAsync(sink, "it was rotated away");
        _clock.Advance(TimeSpan.FromHours(1));
        await LoseAsync(sink, "it was rotated away");
        Assert.Equal([Reason, "it was rotated away", "it was rotated away"], (await GapsAsync()).Select(g => g.Reason));
    }

    [Fact]
    public async Task Series_ThatIsOver_IsToldBeforeWhatComesNext()
    {
        await using var sink = NewSink();
        for (var start = 0; start < 3; start++) await LoseAsync(sink);
        await PrintAsync(sink, "still starting");
        Assert.Single(await GapsAsync());
        _clock.Advance(TimeSpan.FromMinutes(10));
        await PrintAsync(sink, "runs");
        Assert.Equal(["still starting", $"{Reason}; it happened 2 times in this time", "runs"], (await _logs.Store.AllAsync("instance-a-b")).Skip(1).Select(l => LogGap.Of(l.Source, l.Text)?.Reason ?? l.Text));
    }

    private CaptureSink NewSink() => new(_logs.Store, "instance-a-b", _ => Task.FromResult<IReadOnlyCollection<string>>([]), _clock, NullLogger.Instance);

    private ValueTask LoseAsync(CaptureSink sink, string reason = Reason) =>
        sink.TakeAsync(new OutputPiece(_clock.GetUtcNow(), LogSource.Sys, default, new OutputLoss(_clock.GetUtcNow().AddSeconds(-1), _clock.GetUtcNow(), null, reason)), LogFixture.Cancellation);

    private ValueTask PrintAsync(CaptureSink sink, string line) => sink.TakeAsync(new OutputPiece(_clock.GetUtcNow(), LogSource.Out, System.Text.Encoding.UTF8.GetBytes(line + "\n")), LogFixture.Cancellation);

    private async Task<List<LogGap>> GapsAsync() => [.. (await _logs.Store.AllAsync("instance-a-b")).Select(l => LogGap.Of(l.Source, l.Text)).OfType<LogGap>()];
}
