using ReleaseDashboard.Core.Logs.Timelines;
using ReleaseDashboard.Tests.Logs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ReleaseDashboard.Tests.Browser;

/// <summary>The timeline of a service after retention removed the log of one of its instances.</summary>
[Collection(RunsAlone.Name)]
public sealed class LogViewerPrunedTests(LogViewerHost host) : IClassFixture<LogViewerHost>
{
    [Fact]
    public async Task Timeline_OfAPrunedInstance_ShowsTheOthersAndWhereSomethingIsMissing()
    {
        const string timeline = "run-7";
        var timelines = host.Timelines;
        await using var web1 = host.Store.OpenWriter("instance-a-1", []);
        await using var web2 = host.Store.OpenWriter("instance-a-2", []);
        for (var n = 1; n <= 3; n++)
        {
            await web1.OutAsync(string.Join('\n', Enumerable.Range(1, 100).Select(i => $"one {n}.{i}")));
            timelines.Advance(timeline, new TimelineMember("instance-a-1", "web-1"));
            await web2.OutAsync(string.Join('\n', Enumerable.Range(1, 2).Select(i => $"two {n}.{i}")));
            timelines.Advance(timeline, new TimelineMember("instance-a-2", "web-2"));
        }
        web1.Complete();
        await web1.DisposeAsync();
        Assert.Null(await host.Store.PinAsync(timeline, 150, 151, LogFixture.Cancellation));
        Assert.True(host.Store.Prune("instance-a-1", "It was old."));

        await using var page = await host.OpenAsync("run=7");

        await Expect(page.Page.GetByText("300 lines of this log were removed on").First).ToBeVisibleAsync();
        foreach (var gap in new[] { "100 lines removed", "47 lines removed", "51 lines removed" }) await Expect(page.Log.GetByText(gap).First).ToBeVisibleAsync();
        await Expect(page.Text(101)).ToHaveTextAsync("two 1.1");
        await Expect(page.Text(150)).ToHaveTextAsync("one 2.48");
        await Expect(page.Text(306)).ToHaveTextAsync("two 3.2");
        await web2.OutAsync("two is alive");
        timelines.Advance(timeline, new TimelineMember("instance-a-2", "web-2"));
        await Expect(page.Text(307)).ToHaveTextAsync("two is alive");
    }
}
