using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

public sealed class ApplicationTests : IDisposable
{
    private const string Secret = "ghp_s3cret";
    private const string Address = $"https://bot:{Secret}@example.test/team/shop.git";
    private const string Shown = "https://example.test/team/shop.git";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Repository_WithCredentials_IsWholeForGitOnly()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        var created = RunHost.Accepted(await host.Commands.CreateApplicationAsync(new NewApplication("shop", Address, "main", RunHost.Template, ""), RunHost.By(), RunHost.Token));

        Assert.Equal(Shown, created.Repository);
        Assert.Equal(Shown, (await host.Views.ApplicationAsync("shop", RunHost.Token))!.Application.Repository);
        Assert.Equal(Shown, Assert.Single((await host.Views.ApplicationsAsync(new Core.Views.PageRequest(10), RunHost.Token)).Items).Application.Repository);
        Assert.DoesNotContain(await host.Views.SearchAsync("shop", RunHost.Token), h => h.ToString().Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(Address, (await host.Records.FindApplicationAsync("shop", RunHost.Token))!.Repository);
        await using (var db = await host.Get<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(RunHost.Token))
            Assert.DoesNotContain("example.test", (await db.Applications.SingleAsync(RunHost.Token)).Repository, StringComparison.Ordinal);

        Assert.Equal(Shown, RunHost.Accepted(await host.Commands.DeleteApplicationAsync("shop", RunHost.By(), RunHost.Token)).Repository);
        Assert.Equal([Address], host.Git.Deleted);
    }

    [Fact]
    public async Task Repository_WrittenBeforeAddressesWereEncrypted_CanBeRead()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        await using (var db = await host.Get<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(RunHost.Token))
            await db.Applications.ExecuteUpdateAsync(s => s.SetProperty(a => a.Repository, Address), RunHost.Token);
        Assert.Equal(Address, (await host.Records.FindApplicationAsync("shop", RunHost.Token))!.Repository);
        Assert.Equal(Shown, (await host.Views.ApplicationAsync("shop", RunHost.Token))!.Application.Repository);
    }

    [Fact]
    public async Task Application_CreatedAgain_KnowsNothingOfThePushesBefore()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.Get<IRefStore>().WriteRefAsync("shop", "main", FakeGit.Sha(1), RunHost.Token);
        await host.ApplicationAsync();
        Assert.Empty(await host.Get<IRefStore>().ReadRefsAsync("shop", RunHost.Token));
    }

    [Fact]
    public async Task Delete_WhenALogCannotBeRemoved_RemovesTheRepositoryAndTheOtherLogs()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        host.Git.Refs["other"] = FakeGit.Sha(2);
        var held = RunHost.Accepted(await host.Commands.BuildAsync("shop", "main", RunHost.By(), RunHost.Token)).RunId;
        var free = RunHost.Accepted(await host.Commands.BuildAsync("shop", "other", RunHost.By(), RunHost.Token)).RunId;
        await using var writer = host.Logs.OpenWriter($"run-{held}", []);
        await using (var ended = host.Logs.OpenWriter($"run-{free}", [])) await ended.WriteAsync(LogSource.Sys, "", "a line", RunHost.Token);
        Assert.Equal(1, host.Logs.State($"run-{free}").TotalLines);

        RunHost.Accepted(await host.Commands.DeleteApplicationAsync("shop", RunHost.By(), RunHost.Token));

        Assert.Single(host.Git.Deleted);
        Assert.Equal(0, host.Logs.State($"run-{free}").TotalLines);
    }

    [Theory]
    [InlineData(0, "disk_full")]
    [InlineData(long.MaxValue, "unavailable")]
    public async Task Command_WhenGitCannotUseTheDisk_IsRefusedInASentence(long free, string code)
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        host.Git.Broken = new IOException("No space left on device");
        host.Space.Free = free;
        var refused = await host.Commands.CreateApplicationAsync(new NewApplication("shop", "/srv/shop.git", "main", null, ""), RunHost.By(), RunHost.Token);
        RunHost.Refused(code, refused);
        Assert.NotEmpty(refused.Refusal!.Message);
    }

    [Fact]
    public async Task DryRun_WithAKey_WritesNothing()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        RunHost.Accepted(await host.Commands.SaveApplicationConfigurationAsync("shop", RunHost.Template + "\n# new\n", null, true, RunHost.By("save", "k"), RunHost.Token));
        RunHost.Refused("template_invalid", await host.Commands.SaveApplicationConfigurationAsync("shop", "servces: []\n", null, true, RunHost.By("save", "k"), RunHost.Token));
        await using var db = await host.Get<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(RunHost.Token);
        Assert.Empty(await db.Idempotency.ToListAsync(RunHost.Token));
        Assert.Single(await db.Configurations.ToListAsync(RunHost.Token));
        Assert.Equal(1, (await db.Applications.SingleAsync(RunHost.Token)).Version);
    }

    [Fact]
    public async Task Token_MadeAndRevoked_IsInTheActivity()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        var tokens = host.Get<ITokenStore>();
        await tokens.SaveTokenAsync("laptop", "api", Secret, null, "ann", "created token", RunHost.Token);
        Assert.Equal("laptop", await tokens.FindOwnerAsync("api", Secret, RunHost.Token));
        var row = Assert.Single((await host.Views.ActivityAsync(new Core.Views.PageRequest(10), RunHost.Token)).Items);
        Assert.Equal(("ann", "created token", "laptop"), (row.Actor, row.Action, row.Subject));
    }
}
