using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Tests.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Views;

/// <summary>Whoever reads page after page while rows are added sees every row that was there once, in order, and none twice.</summary>
public sealed class PagingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _added;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pages_WhileRowsAreAdded_HaveNoGapAndNoRepeat()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        for (var i = 0; i < 7; i++) await AddAsync(host);

        await CheckAsync(host, (page, token) => host.Views.EnvironmentsAsync("shop", false, page, token), e => e.Environment.Id);
        await CheckAsync(host, (page, token) => host.Views.DeploymentsAsync(null, null, page, token), d => d.Id.ToString());
        await CheckAsync(host, (page, token) => host.Views.BuildsAsync("shop", page, token), b => b.Id.ToString());
        await CheckAsync(host, host.Views.ActivityAsync, a => a.Id.ToString());
        await CheckAsync(host, host.Views.ApplicationsAsync, a => a.Application.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-4")]
    public async Task Page_WithACursorThatIsNone_IsTheFirst(string? cursor)
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        await AddAsync(host);
        Assert.Equal("env-1", Assert.Single((await host.Views.EnvironmentsAsync(null, false, new PageRequest(0, cursor), RunHost.Token)).Items).Environment.Id);
    }

    private async Task CheckAsync<T>(RunHost host, Func<PageRequest, CancellationToken, Task<Page<T>>> read, Func<T, string> id)
    {
        var there = (await read(new PageRequest(200), RunHost.Token)).Items.Select(id).ToList();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await read(new PageRequest(2, cursor), RunHost.Token);
            Assert.InRange(page.Items.Count, 1, 2);
            seen.AddRange(page.Items.Select(id));
            cursor = page.NextCursor;
            await AddAsync(host);
        }
        while (cursor is not null);

        Assert.True(there.Count >= 7);
        Assert.Equal(there, seen);
    }

    /// <summary>One row more of everything.</summary>
    private async Task AddAsync(RunHost host)
    {
        var number = ++_added;
        host.Git.Refs["main"] = FakeGit.Sha(100 + number);
        RunHost.Accepted(await host.Commands.CreateApplicationAsync(new NewApplication($"app-{number}", "/srv/shop.git", "main", RunHost.Template, ""), RunHost.By(), RunHost.Token));
        RunHost.Accepted(await host.Commands.CreateEnvironmentAsync(new NewEnvironment("shop", "main", null, EnvironmentKind.Permanent, $"env-{number}"), RunHost.By(), RunHost.Token));
    }
}
