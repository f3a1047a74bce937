using ReleaseDashboard.Tests.Architecture;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>A dashboard at its first start, with the sample seeded, as a newcomer finds it.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    public const string Application = "visits";
    private readonly TemporaryFolder _data = new();

    internal DashboardProcess Dashboard { get; private set; } = null!;
    internal DashboardApi Api => Dashboard.Api;

    public async ValueTask InitializeAsync()
    {
        await Tool.RunAsync("sh", [Path.Combine(SourceTree.Root, "samples", "base", "make-base.sh")]);
        Dashboard = new DashboardProcess(_data.Path, new Dictionary<string, string> { ["Release__SeedSample"] = "true" });
        await Dashboard.StartAsync();
        await Eventually.TrueAsync(
            async () => (await Api.GetAsync("/applications"))["items"]!.AsArray().Any(a => a!["name"].Text() == Application),
            "the sample is seeded");
    }

    internal async Task<(string Environment, string Url)> EnvironmentAsync()
    {
        var answer = await Api.PostAsync($"/applications/{Application}/environments", new { branch = "main", kind = "ephemeral" });
        var environment = answer["environment"]!["id"].Text();
        await Api.SucceededAsync(answer["deployment"]!["id"].Text());
        return (environment, await UrlAsync(environment));
    }

    internal async Task<string> UrlAsync(string environment) => (await Api.EnvironmentAsync(environment))["urls"]![0]!["url"].Text().TrimEnd('/');

    public async ValueTask DisposeAsync()
    {
        await Leftovers.RemoveAsync(Api);
        await Dashboard.DisposeAsync();
        _data.Dispose();
    }
}
