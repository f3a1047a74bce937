using System.Diagnostics;
using Xunit;

namespace ReleaseDashboard.Tests.Support;

/// <summary>Waits for a condition of the outside world, with a deadline and a sentence for the day it never comes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static async Task<T> GetAsync<T>(Func<Task<T?>> read, string expectation, TimeSpan? within = null) where T : class
    {
        var limit = within ?? TimeSpan.FromSeconds(30);
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        do
        {
            if (await read() is { } value) return value;
        }
        while (clock.Elapsed < limit && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken));

        throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {expectation}");
    }

    public static Task TrueAsync(Func<Task<bool>> condition, string expectation, TimeSpan? within = null) =>
        GetAsync(async () => await condition() ? "" : null, expectation, within);

    public static Task TrueAsync(Func<bool> condition, string expectation, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), expectation, within);
}
