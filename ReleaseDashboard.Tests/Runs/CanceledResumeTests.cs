using ReleaseDashboard.Core.Engines.Fake;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>The dashboard is killed while a job runs, and somebody cancels before the run is carried on.</summary>
public sealed class CanceledResumeTests : IDisposable
{
    private const string Template =
        """
        services:
          - { name: web, image: busybox }
        jobs:
          - { name: migrate, image: busybox }
        workflows:
          - name: setup
            order_from: [jobs.migrate, services.web]
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _hold = new();
    private readonly EngineHost _bench;

    public CanceledResumeTests()
    {
        _bench = new EngineHost(_folder.Path);
        _bench.Engine.Jobs["migrate"] = new FakeJobScript { Finish = _hold.Task };
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Cancel_OfARunWhoseProcessWasKilledDuringAJob_RemovesTheJobAndEndsCanceled()
    {
        var created = await KilledDuringJobAsync();
        await CancelWhileDownAsync(created);

        var (host, _) = await _bench.StartAsync();
        await using (host)
        {
            var ended = await host.EndedAsync(created.Id);
            Assert.Equal(RunStatus.Canceled, ended.Status);
            Assert.Empty(await _bench.JobsAsync(created.Environment));
            var run = (await host.Records.FindRunAsync(ended.Stages[^1].RunId, RunHost.Token))!;
            Assert.Equal((RunStatus.Canceled, 2), (run.Status, run.Attempt));
            Assert.Contains(run.Receipt!.Items, i => i is { Action: ReceiptAction.Removed, Kind: "job", Name: "migrate" });
            var view = (await host.Views.RunAsync(run.Id, RunHost.Token))!;
            Assert.Equal(RunStatus.Canceled, view.Steps.SelectMany(s => s.Tasks).Single(t => t.Name == "jobs.migrate").Status);
            Assert.DoesNotContain(view.Steps, s => !s.Status.IsFinal());
            Assert.True((await host.Logs.ReadAsync(run.LogId, 1, 500, RunHost.Token)).Ended);
            Assert.Single(_bench.Engine.Calls, c => c.StartsWith("start-job", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Cancel_WithTheEngineAway_EndsTheRun_AndTheNextRunRemovesTheJob()
    {
        var created = await KilledDuringJobAsync();
        await CancelWhileDownAsync(created);

        _bench.Engine.Away = true;
        var (host, _) = await _bench.StartAsync();
        await using (host)
        {
            var ended = await host.EndedAsync(created.Id);
            Assert.Equal(RunStatus.Canceled, ended.Status);
            var log = await host.Logs.ReadAsync($"run-{ended.Stages[^1].RunId}", 1, 500, RunHost.Token);
            Assert.Contains(log.Lines, l => l.Text.StartsWith("A job of this run may still be on the engine", StringComparison.Ordinal));

            _bench.Engine.Away = false;
            _hold.SetResult();
            var again = await host.EndedAsync(RunHost.Accepted(await host.Commands.DeployAsync(created.Environment, null, null, null, RunHost.By(), RunHost.Token)).Id);
            Assert.Equal(RunStatus.Succeeded, again.Status);
            var receipt = (await host.Records.FindRunAsync(again.Stages[^1].RunId, RunHost.Token))!.Receipt!;
            Assert.Contains(receipt.Items, i => i is { Action: ReceiptAction.Removed, Kind: "job", Name: "migrate", Detail: "left by an earlier run" });
            Assert.Empty(await _bench.JobsAsync(created.Environment));
        }
    }

    [Fact]
    public async Task Cancel_WhileTheRunWaitsForTheEngine_EndsItAtOnce()
    {
        var (host, _) = await _bench.StartAsync();
        await using (host)
        {
            await host.ApplicationAsync(Template);
            var created = await host.EnvironmentAsync();
            await _bench.CalledAsync("start-job");
            _bench.Engine.Away = true;
            await Eventually.TrueAsync(async () => await host.Records.FindRunAsync(created.Stages[^1].RunId, RunHost.Token) is { Waiting: not null, Status: RunStatus.Running }, "the run waits for the engine");
            RunHost.Accepted(await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));
            var ended = await host.EndedAsync(created.Id);
            Assert.Equal(RunStatus.Canceled, ended.Status);
            var view = (await host.Views.RunAsync(ended.Stages[^1].RunId, RunHost.Token))!;
            Assert.NotEmpty(view.Steps);
            Assert.DoesNotContain(view.Steps, s => !s.Status.IsFinal());
        }
    }

    private async Task<Deployment> KilledDuringJobAsync()
    {
        var (host, words) = await _bench.StartAsync();
        await using (host)
        {
            await host.ApplicationAsync(Template);
            var created = await host.EnvironmentAsync();
            await _bench.CalledAsync("start-job");
            await Eventually.TrueAsync(
                async () => await host.Views.RunAsync(created.Stages[^1].RunId, RunHost.Token) is { } view && view.Steps.Any(s => s.Status == RunStatus.Running), "the journal has the running job");
            words.Kill();
            return created;
        }
    }

    private async Task CancelWhileDownAsync(Deployment created)
    {
        var (host, _) = await _bench.StartAsync(work: false);
        await using (host)
        {
            var run = (await host.Records.FindRunAsync(created.Stages[^1].RunId, RunHost.Token))!;
            Assert.Equal((RunStatus.Running, 1), (run.Status, run.Attempt));
            Assert.True(Assert.Single(await _bench.JobsAsync(created.Environment)).Running);
            RunHost.Accepted(await host.Commands.CancelDeploymentAsync(created.Id, RunHost.By(), RunHost.Token));
        }
    }
}
