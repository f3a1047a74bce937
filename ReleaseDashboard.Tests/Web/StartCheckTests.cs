using System.Net;
using System.Net.Sockets;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

public sealed class StartCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_WithWrongSettings_ListsEveryOneAndEndsWithTwo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        await using var dashboard = StartedProgram.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Release__DataDirectory"] = folder.File("file/data"),
            ["Release__MaxConcurrentRuns"] = "65",
            ["Release__GitPollSeconds"] = "1",
            ["Release__Domain"] = "http://apps.localhost",
            ["Release__Engine"] = "podman",
            ["Release__Docker__Endpoint"] = "docker",
            ["Release__Auth__BootstrapToken"] = "short",
        });
        Assert.Equal(2, await dashboard.ExitCodeAsync(Patience));
        foreach (var key in (string[])["DataDirectory", "MaxConcurrentRuns", "GitPollSeconds", "Domain", "Engine", "Docker__Endpoint", "Auth__BootstrapToken"])
            Assert.Contains($"  - Release__{key} is", dashboard.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("short\"", dashboard.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAValueThatCannotBeRead_ListsTheOthersToo()
    {
        using var folder = new TemporaryFolder();
        await using var dashboard = StartedProgram.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Release__DataDirectory"] = folder.Path,
            ["Release__MaxConcurrentRuns"] = "abc",
            ["Release__GitPollSeconds"] = "1",
            ["Release__Auth__BootstrapToken"] = "short",
        });
        Assert.Equal(2, await dashboard.ExitCodeAsync(Patience));
        Assert.Contains("because 3 settings are wrong", dashboard.Errors, StringComparison.Ordinal);
        foreach (var key in (string[])["MaxConcurrentRuns", "GitPollSeconds", "Auth__BootstrapToken"])
            Assert.Contains($"  - Release__{key} is", dashboard.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Release__MaxConcurrentRuns", "many")]
    [InlineData("Release__SeedSample", "perhaps")]
    [InlineData("ASPNETCORE_URLS", "localhost:5080")]
    [InlineData("ASPNETCORE_URLS", "ftp://localhost:5080")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:70000")]
    public async Task Start_WithAValueOfAnotherKind_SaysWhich(string key, string value)
    {
        using var folder = new TemporaryFolder();
        await using var dashboard = StartedProgram.Start(new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Release__DataDirectory"] = folder.Path, [key] = value });
        Assert.Equal(2, await dashboard.ExitCodeAsync(Patience));
        Assert.Contains($"{key} is \"{value}\"", dashboard.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoInASentence()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var dashboard = StartedProgram.Start(new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}", ["Release__DataDirectory"] = folder.Path });
        Assert.Equal(2, await dashboard.ExitCodeAsync(Patience));
        Assert.Contains("another program already listens there", dashboard.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", dashboard.Errors, StringComparison.Ordinal);
    }
}
