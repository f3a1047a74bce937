using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Tests.Logs;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>When the pages of a run are told that a secret was printed.</summary>
public sealed class FindingNewsTests
{
    [Fact]
    public async Task Secrets_AreToldAtTheFirstOfEachTaskAndWhenTheyHaveDoubled()
    {
        using var logs = new LogFixture();
        var told = 0;
        await using var writer = new FindingNews(logs.Store.OpenWriter("run-1", ["correct-horse"]), () => told++);
        await writer.OutAsync("nothing", "jobs.migrate");
        Assert.Equal(0, told);
        await writer.OutAsync("correct-horse", "jobs.migrate");
        Assert.Equal(1, told);
        await writer.OutAsync("correct-horse", "services.web");
        Assert.Equal(2, told);
        for (var i = 0; i < 1000; i++) await writer.WriteBytesAsync(Core.Model.LogSource.Out, "jobs.migrate", "correct-horse\n"u8.ToArray(), LogFixture.Cancellation);
        Assert.Equal(1001, writer.Findings[0].Count);
        Assert.InRange(told, 3, 12);
    }
}
