using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Triggers;
using Xunit;

namespace ReleaseDashboard.Tests.Triggers;

public sealed class SampleSeederTests : IDisposable
{
    private readonly TriggerRoom _room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Start_FirstTime_MakesTheSampleWithItsTemplateAndNoBuild()
    {
        _room.Records.Applications.Add(new Application(SampleSeeder.Application, "", true, "main", 1, default));
        await _room.Hosted<SampleSeeder>().StartAsync(Stop);

        var request = Assert.Single(_room.Runs.Applications);
        Assert.Equal((SampleSeeder.Application, null, "main"), (request.Name, request.Repository, request.TrackingBranch));
        Assert.Contains("workflows:", request.Template, StringComparison.Ordinal);
        Assert.Contains("REDIS_HOST", request.Variables, StringComparison.Ordinal);
        Assert.Empty(await _room.Trigger.LookAsync(_room.Records.Applications[0], Stop));
        var commit = await _room.Repositories.ResolveAsync(_room.Records.Applications[0], "main", Stop);
        Assert.NotNull(await _room.Repositories.ReadFileAsync(_room.Records.Applications[0], commit!.Sha, "web/Dockerfile", Stop));
    }

    [Fact]
    public async Task Start_AgainAfterTheSampleWasDeleted_LeavesItDeleted()
    {
        await _room.Hosted<SampleSeeder>().StartAsync(Stop);
        _room.Runs.Applications.Clear();
        await _room.Hosted<SampleSeeder>().StartAsync(Stop);
        Assert.Empty(_room.Runs.Applications);
    }

    [Fact]
    public async Task Start_WithApplicationsOfOnesOwn_AddsNothing()
    {
        _room.Add("shop", "/nowhere");
        await _room.Hosted<SampleSeeder>().StartAsync(Stop);
        Assert.Empty(_room.Runs.Applications);
    }

    [Fact]
    public async Task Start_SamplesMissing_StartsAllTheSameAndTriesAgain()
    {
        using var room = new TriggerRoom(null, o => o.SamplesDirectory = "/nowhere");
        await room.Hosted<SampleSeeder>().StartAsync(Stop);
        Assert.Empty(room.Runs.Applications);
        Assert.False(File.Exists(Path.Combine(room.Data, "sample-seeded")));
    }
}
