using System.Formats.Tar;
using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class BuildStageTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly MemoryGit _git = new();
    private readonly FakeImageBuilder _builder = new(TimeProvider.System);
    private readonly MemoryJournal _journal;

    public BuildStageTests()
    {
        _journal = _bench.Journal();
        _bench.Records.Applications["shop"] = new Application("shop", "/repo", false, "main", 1, DateTimeOffset.UnixEpoch);
        _bench.Records.Builds[3] = new Build(3, "shop", MemoryGit.Commit, "main", "ann", "first", "hash", RunStatus.Running, "deploy", "owner", 41, [], DateTimeOffset.UnixEpoch, null, null, null);
        _bench.Records.Specs[3] = [Spec("web", "web"), Spec("worker", "worker")];
        _git.Files["web/Dockerfile"] = "FROM scratch"u8.ToArray();
        _git.Files["worker/Dockerfile"] = "FROM scratch"u8.ToArray();
    }

    [Fact]
    public async Task Build_TwoImages_AreMadeAtTheSameTime()
    {
        var hold = new TaskCompletionSource();
        _builder.Builds["release/shop/web"] = new FakeBuildScript { Finish = hold.Task };
        _builder.Builds["release/shop/worker"] = new FakeBuildScript { Finish = hold.Task };
        var build = RunAsync();
        await Eventually.TrueAsync(() => _builder.Requests.Count == 2, "both builds have begun");
        hold.SetResult();
        var result = await build;

        Assert.Equal(RunStatus.Succeeded, result.Status);
        Assert.Collection(
            _journal.Images!.Select(i => i.Reference),
            web => Assert.StartsWith($"release/shop/web:build-3-{MemoryGit.Commit[..7]}-", web, StringComparison.Ordinal),
            worker => Assert.StartsWith($"release/shop/worker:build-3-{MemoryGit.Commit[..7]}-", worker, StringComparison.Ordinal));
        Assert.Equal(["images.web", "images.worker"], _journal.Steps.Single().Tasks.Select(t => t.Name));
        Assert.All(_journal.Steps.Single().Tasks, t => Assert.True(t.FirstLine < t.LastLine));
        Assert.All(_journal.Progress, p => Assert.All(p.Steps, s => Assert.NotNull(s.FinishedAt)));
        var labels = _builder.Requests.First().Labels;
        Assert.Equal(("shop", MemoryGit.Commit, "3"), (labels["release.application"], labels["release.commit"], labels["release.build"]));
    }

    [Fact]
    public async Task Build_CalledAgain_MakesNoImageTwice()
    {
        await RunAsync();
        Assert.Equal(RunStatus.Succeeded, (await RunAsync()).Status);
        Assert.Equal(2, _builder.Requests.Count);
        Assert.Equal(2, _journal.Images!.Count);
    }

    [Fact]
    public async Task Build_NothingToBuild_SucceedsAndSaysSo()
    {
        _bench.Records.Specs[3] = [];
        Assert.Equal(RunStatus.Succeeded, (await RunAsync()).Status);
        Assert.Empty(_journal.Images!);
        Assert.Contains("Nothing to build", _bench.Text(BuildRun()));
    }

    [Fact]
    public async Task Build_DockerfileMissing_NamesPathAndCommit()
    {
        _git.Files.Remove("web/Dockerfile");
        var result = await RunAsync();
        Assert.Equal("The Dockerfile of web, web/Dockerfile, does not exist at commit c0ffee0.", result.Failure!.Summary);
        Assert.Null(_journal.Images);
        Assert.Single(_builder.Requests);
    }

    [Fact]
    public async Task Build_FailingStep_IsAResultWithEvidence()
    {
        _builder.Builds["release/shop/web"] = new FakeBuildScript { Failure = new Failure("Step RUN make failed with exit code 2.", "make: *** no rule") };
        var result = await RunAsync();
        Assert.Equal((RunStatus.Failed, "make: *** no rule"), (result.Status, result.Failure!.Evidence));
        Assert.Equal("Step RUN make failed with exit code 2.", _bench.Logs.Lines(BuildRun().LogId)[(int)result.Failure.Line!.Value - 1].Text);
        Assert.Equal([RunStatus.Failed, RunStatus.Succeeded], _journal.Steps.Single().Tasks.Select(t => t.Status));
    }

    [Theory]
    [InlineData("rebuild", true)]
    [InlineData("deploy", false)]
    public async Task Build_Rebuild_UsesNoCache(string trigger, bool noCache)
    {
        await RunAsync(trigger: trigger);
        Assert.All(_builder.Requests, r => Assert.Equal(noCache, r.NoCache));
    }

    [Fact]
    public async Task Build_DockerfileOutsideTheContext_IsSentWithIt()
    {
        _git.Files["docker/web.Dockerfile"] = "FROM base"u8.ToArray();
        _git.Files["web/index.html"] = "hello"u8.ToArray();
        var context = new BuildContext(_git, _bench.Records.Applications["shop"], MemoryGit.Commit, "web", "docker/web.Dockerfile", _git.Files["docker/web.Dockerfile"]);
        using var tar = new MemoryStream();
        await context.WriteAsync(tar, TestContext.Current.CancellationToken);
        tar.Position = 0;
        var names = new List<string>();
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry) names.Add(entry.Name);
        Assert.Equal([context.Dockerfile, "Dockerfile", "index.html"], names);
    }

    [Theory]
    [InlineData(".", "web/Dockerfile", "web/Dockerfile")]
    [InlineData("./web/", "web/Dockerfile", "Dockerfile")]
    [InlineData("web", "web2/Dockerfile", null)]
    public void Inside_PathsOfTheRepository_AreSeenFromTheContext(string context, string dockerfile, string? expected) =>
        Assert.Equal(expected, BuildContext.Inside(context, dockerfile));

    [Fact]
    public async Task Build_Canceled_EndsCanceled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _builder.Builds["release/shop/web"] = new FakeBuildScript { Finish = new TaskCompletionSource().Task };
        var build = RunAsync(cancellationToken: cancel.Token);
        await Eventually.TrueAsync(() => _builder.Requests.Count == 2, "both builds have begun");
        _bench.Records.Runs[41] = BuildRun() with { CancelRequested = true };
        await cancel.CancelAsync();
        Assert.Equal(RunStatus.Canceled, (await build).Status);
    }

    private Run BuildRun() => _bench.NewRun(Stage.Build) with { Id = 41, Environment = null };

    private async Task<RunResult> RunAsync(string trigger = "deploy", CancellationToken? cancellationToken = null)
    {
        var run = BuildRun() with { Trigger = trigger };
        await using var log = _bench.Logs.OpenWriter(run.LogId, []);
        return await new BuildStage(_bench.Tools, _builder, _git).RunAsync(new StageContext(run, log, _journal), cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private static BuildSpec Spec(string service, string context) => new(service, $"shop/{service}", context, $"{context}/Dockerfile", null, new Dictionary<string, string>());

    public void Dispose() => _bench.Dispose();
}
