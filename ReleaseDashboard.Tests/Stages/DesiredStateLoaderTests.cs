using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;
using Xunit;

namespace ReleaseDashboard.Tests.Stages;

public sealed class DesiredStateLoaderTests : IDisposable
{
    private const string Template = """
        services:
          - name: web
            image: nginx:1
            ports:
              - { type: node_port, port: "80", target_port: "80" }
        workflows:
          - name: setup
            order_from: [services.all]
          - name: patch
            order_from: [services.all]
          - name: teardown
            order_from: [release.remove_environment]
        """;

    private readonly StageBench _bench = new();
    private readonly MemoryGit _git = new();

    public DesiredStateLoaderTests()
    {
        _bench.Records.Applications["shop"] = new Application("shop", "/repo", false, "main", 1, DateTimeOffset.UnixEpoch);
        _bench.Records.Builds[3] = new Build(3, "shop", MemoryGit.Commit, "main", "ann", "first", "hash", RunStatus.Succeeded, "deploy", "owner", 41, [], DateTimeOffset.UnixEpoch, null, null, null);
        _bench.Records.Change(StageBench.Id, e => e with { SetupSucceeded = true, Applied = new ConfigurationVersion(1, 1) });
        Save(1, Template);
        Save(2, Template.Replace("nginx:1", "nginx:2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Stage.Setup, "nginx:2", 2)]
    [InlineData(Stage.Patch, "nginx:1", 1)]
    [InlineData(Stage.Teardown, "nginx:1", 1)]
    public async Task Load_SetupTakesTheSavedConfiguration_OthersTheApplied(Stage stage, string image, int version)
    {
        var loaded = await LoadAsync(new StateRequest(StageBench.Id, stage, BuildId: 3, RunId: 9, Attempt: 2));
        Assert.Null(loaded.Refusal);
        Assert.Equal(image, Assert.Single(loaded.Value!.Desired.Services).Image);
        Assert.Equal(version, loaded.Value.Version.Specific);
        Assert.Equal((9, 2, MemoryGit.Commit), (loaded.Value.Desired.Scope.RunId, loaded.Value.Desired.Scope.Attempt, loaded.Value.Desired.Scope.Commit));
    }

    [Fact]
    public async Task Load_BrokenTemplate_IsRefusedWithItsLine()
    {
        Save(3, Template.Replace("image: nginx:1", "imagee: nginx:1", StringComparison.Ordinal));
        var refusal = (await LoadAsync(new StateRequest(StageBench.Id, Stage.Setup, BuildId: 3))).Refusal!;
        Assert.Equal("template_invalid", refusal.Code);
        Assert.Contains(refusal.Diagnostics!, d => d.Line == 3 && d.Message.Contains("imagee", StringComparison.Ordinal));
        Assert.StartsWith("The application template v1.3 of ted1 has ", refusal.Message);
        Assert.Contains("At line ", refusal.Message);
    }

    [Fact]
    public async Task Load_UnknownName_IsSaidOnceWithItsPlace()
    {
        Save(4, Template, "envs:\n  - key: A\n    value: ${NOPE}\n");
        var failure = PlanText.Failure((await LoadAsync(new StateRequest(StageBench.Id, Stage.Setup, BuildId: 3))).Refusal!);
        Assert.Equal("The configuration v1.4 of ted1 has an error. At line 3, column 12, envs.A of the variables: ${NOPE} names a variable that does not exist.", failure.Summary);
        Assert.Null(failure.Evidence);
    }

    [Fact]
    public async Task Load_NoFinishedBuild_IsRefused()
    {
        _bench.Records.Builds[3] = _bench.Records.Builds[3] with { Status = RunStatus.Failed };
        Assert.Equal("build_required", (await LoadAsync(new StateRequest(StageBench.Id, Stage.Setup, BuildId: 3))).Refusal!.Code);
    }

    [Fact]
    public async Task Load_PreviewBeforeTheFirstBuild_IsPossible()
    {
        var loaded = await LoadAsync(new StateRequest(StageBench.Id, Stage.Setup, Preview: true));
        Assert.Equal(MemoryGit.Commit, loaded.Value!.Desired.Scope.Commit);
    }

    [Fact]
    public async Task Load_PreviewOfANamedBuild_ShowsThatBuildAndNotTheNewestCommit()
    {
        var older = _bench.Records.Builds[3] with { Id = 2, Commit = "01de7" + MemoryGit.Commit[5..] };
        _bench.Records.Builds[2] = older;
        var loaded = await LoadAsync(new StateRequest(StageBench.Id, Stage.Patch, BuildId: 2, Preview: true));
        Assert.Equal(older.Commit, loaded.Value!.Desired.Scope.Commit);

        _bench.Records.Builds[2] = older with { Status = RunStatus.Running, Images = [] };
        loaded = await LoadAsync(new StateRequest(StageBench.Id, Stage.Patch, BuildId: 2, Preview: true));
        Assert.Equal(older.Commit, loaded.Value!.Desired.Scope.Commit);
    }

    [Fact]
    public async Task Load_UnknownEnvironment_IsRefused() =>
        Assert.Equal("not_found", (await LoadAsync(new StateRequest("other", Stage.Setup))).Refusal!.Code);

    [Fact]
    public async Task Plan_OfSetup_ShowsWhatItWouldDoAndDoesNothing()
    {
        var plan = await new StagePlans(Loader(), _bench.Records, _bench.Engine).PlanAsync(StageBench.Id, Stage.Setup, null, TestContext.Current.CancellationToken);
        Assert.Contains(plan.Value!.Actions, a => a is { Kind: PlanActionKind.CreateService, Subject: "web" });
        Assert.Empty(_bench.Engine.Calls);
    }

    [Fact]
    public async Task Plan_EngineAway_SaysSo()
    {
        _bench.Engine.Away = true;
        var plan = await new StagePlans(Loader(), _bench.Records, _bench.Engine).PlanAsync(StageBench.Id, Stage.Setup, null, TestContext.Current.CancellationToken);
        Assert.Equal("engine_unavailable", plan.Refusal!.Code);
    }

    private void Save(int specific, string template, string variables = "")
    {
        var version = new ConfigurationVersion(1, specific);
        _bench.Records.Configurations.Add(new SavedConfiguration("shop", StageBench.Id, version, new ConfigurationText(template, variables), DateTimeOffset.UnixEpoch, "owner"));
    }

    private Task<Outcome<LoadedState>> LoadAsync(StateRequest request) => Loader().LoadAsync(request, TestContext.Current.CancellationToken);

    private DesiredStateLoader Loader() => new(_bench.Records, _git, new BuildChoice(_bench.Records, _git), new Address(), Options.Create(new CoreOptions()));

    public void Dispose() => _bench.Dispose();

    private sealed class Address : IPublicAddress
    {
        public string Scheme => "http";

        public int? Port => 5080;
    }
}
