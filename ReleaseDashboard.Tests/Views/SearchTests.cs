using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Tests.Runs;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Views;

public sealed class SearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_ByNameBranchShaAndNumber_FindsTheThing()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        host.Git.Refs["feature_login"] = "c0ffee" + FakeGit.Sha(7)[6..];
        var deployment = await CreateAsync(host, "staging", "feature_login");
        await CreateAsync(host, "featurexlogin", "main");

        Assert.Equal("/applications/shop", Assert.Single(await FindAsync(host, "SHO"), h => h.StartsWith("/applications", StringComparison.Ordinal)));
        Assert.Contains("/environments/staging", await FindAsync(host, "tagin"));
        Assert.Contains($"/builds/{deployment.BuildId}", await FindAsync(host, "C0FFEE"));
        Assert.Contains($"/deployments/{deployment.Id}", await FindAsync(host, deployment.Id.ToString()));
        Assert.Contains($"/deployments/{deployment.Id}", await FindAsync(host, " staging "));
        // An underscore is a letter here, not SQL's "any letter".
        Assert.Equal(["/environments/staging"], (await FindAsync(host, "feature_login")).Where(h => h.StartsWith("/environments", StringComparison.Ordinal)));
        Assert.Empty(await FindAsync(host, "%"));
        Assert.Empty(await FindAsync(host, "nothing like it"));
        Assert.Empty(await FindAsync(host, "  "));
    }

    [Fact]
    public async Task Search_WithManyHits_GivesTwenty()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, work: false);
        await host.ApplicationAsync();
        for (var i = 0; i < 12; i++) await CreateAsync(host, $"staging-{i}", "main");
        Assert.Equal(20, (await FindAsync(host, "staging")).Count);
    }

    private static async Task<Deployment> CreateAsync(RunHost host, string name, string branch) =>
        RunHost.Accepted(await host.Commands.CreateEnvironmentAsync(new NewEnvironment("shop", branch, null, EnvironmentKind.Permanent, name), RunHost.By(), RunHost.Token));

    private static async Task<IReadOnlyList<string>> FindAsync(RunHost host, string text) => [.. (await host.Views.SearchAsync(text, RunHost.Token)).Select(h => h.Link)];
}
