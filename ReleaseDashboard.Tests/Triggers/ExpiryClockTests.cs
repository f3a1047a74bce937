using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Triggers;
using ReleaseDashboard.Tests.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Triggers;

/// <summary>Expiry on a real database with a clock of the test.</summary>
public sealed class ExpiryClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Look_WhenItsTimeIsOver_AsksForTeardownOnce_AndLeavesPermanentOnes()
    {
        await using var host = await StartAsync();
        var environment = (await host.EnvironmentAsync()).Environment;
        RunHost.Accepted(await host.Commands.CreateEnvironmentAsync(new NewEnvironment("shop", "main", null, EnvironmentKind.Permanent, "staging"), RunHost.By(), RunHost.Token));
        var clock = Clock(host);
        _time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        Assert.Empty(await clock.LookAsync(RunHost.Token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([environment], await clock.LookAsync(RunHost.Token));
        Assert.Equal(EnvironmentPhase.TearingDown, (await host.FindAsync(environment)).Phase);
        Assert.Empty(await clock.LookAsync(RunHost.Token));
        var teardown = (await host.Views.DeploymentsAsync(null, environment, new(), RunHost.Token)).Items[0];
        Assert.Equal(("expiry", Stage.Teardown), (teardown.Trigger, Assert.Single(teardown.Stages).Stage));
    }

    [Fact]
    public async Task Look_AfterExtend_WaitsForTheNewTime()
    {
        await using var host = await StartAsync();
        var environment = (await host.EnvironmentAsync()).Environment;
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(_time.GetUtcNow().AddDays(3), RunHost.Accepted(await host.Commands.ExtendAsync(environment, RunHost.By(), RunHost.Token)).ExpiresAt);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await Clock(host).LookAsync(RunHost.Token));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal([environment], await Clock(host).LookAsync(RunHost.Token));
    }

    [Fact]
    public async Task Look_AfterATeardownThatFailed_TriesAgainAfterHalfAnHour()
    {
        await using var host = await StartAsync();
        var environment = (await host.EnvironmentAsync()).Environment;
        var clock = Clock(host);
        _time.Advance(TimeSpan.FromDays(4));
        Assert.Equal([environment], await clock.LookAsync(RunHost.Token));
        var runs = host.Get<IRunStore>();
        var teardown = await runs.ClaimAsync("w", TimeSpan.FromSeconds(30), RunHost.Token);
        Assert.Equal(Stage.Teardown, teardown!.Stage);
        Assert.True(await runs.FinishAsync(teardown.Id, teardown.Attempt, RunResult.Failed(new Failure("The volume is busy.")), RunHost.Token));
        Assert.Equal(EnvironmentPhase.Failed, (await host.FindAsync(environment)).Phase);

        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty(await clock.LookAsync(RunHost.Token));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([environment], await clock.LookAsync(RunHost.Token));
    }

    [Fact]
    public async Task Clock_Running_LooksByItself()
    {
        await using var host = await StartAsync();
        var environment = (await host.EnvironmentAsync()).Environment;
        using var clock = Clock(host);
        await clock.StartAsync(RunHost.Token);
        _time.Advance(TimeSpan.FromDays(3));
        await Eventually.TrueAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(15));
                return (await host.FindAsync(environment)).Phase == EnvironmentPhase.TearingDown;
            },
            "the expired environment is torn down");
        await clock.StopAsync(RunHost.Token);
    }

    private async Task<RunHost> StartAsync()
    {
        var host = await RunHost.StartAsync(_folder.Path, work: false, configure: s => s.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));
        await host.ApplicationAsync();
        return host;
    }

    private ExpiryClock Clock(RunHost host) => new(host.Records, host.Commands, _time, NullLogger<ExpiryClock>.Instance);
}
