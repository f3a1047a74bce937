using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>One dashboard for the tests that do not kill it. What they leave on the engine is removed at the end.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();

    internal DashboardProcess Dashboard { get; private set; } = null!;
    internal DashboardApi Api => Dashboard.Api;

    public async ValueTask InitializeAsync()
    {
        Dashboard = new DashboardProcess(_data.Path);
        await Dashboard.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Leftovers.RemoveAsync(Api);
        await Dashboard.DisposeAsync();
        _data.Dispose();
    }
}

internal static class Leftovers
{
    /// <summary>Removes by label what the environments of one dashboard still have, so that a failed test leaves nothing behind.</summary>
    public static async Task RemoveAsync(DashboardApi api)
    {
        var environments = (await api.GetAsync("/environments?limit=200"))["items"]!.AsArray().Select(e => e!["id"].Text()).ToList();
        foreach (var id in environments)
        {
            await RemoveAsync("ps", ["rm", "-f", "-v"], id);
            await RemoveAsync("network", ["network", "rm"], id);
            await RemoveAsync("volume", ["volume", "rm", "-f"], id);
        }
    }

    private static async Task RemoveAsync(string kind, string[] remove, string environment)
    {
        string[] list = kind == "ps" ? ["ps", "-aq"] : [kind, "ls", "-q"];
        var (_, names) = await Tool.TryAsync("docker", [.. list, "--filter", $"label=release.environment={environment}"]);
        var found = names.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (found.Length > 0) await Tool.TryAsync("docker", [.. remove, .. found]);
    }
}
