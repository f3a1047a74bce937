using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Git;
using Xunit;

namespace ReleaseDashboard.Tests.Git;

/// <summary>What a person reads when a repository cannot be read.</summary>
public sealed class GitFailureTests : IDisposable
{
    private readonly GitRoom _room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData("https://bot:p@ss@example.test/team/shop.git", "https://example.test/team/shop.git")]
    [InlineData("https://token@example.test/@team/shop.git", "https://example.test/@team/shop.git")]
    [InlineData("ssh://git:pass@example.test/shop.git", "ssh://git@example.test/shop.git")]
    [InlineData("ftp://bot:secret@example.test/shop.git", "ftp://example.test/shop.git")]
    public void Application_AsPeopleSeeIt_HasNoCredentials(string repository, string shown) =>
        Assert.Equal(shown, RepositoryAddress.Hide(GitRoom.Of(repository)).Repository);

    [Theory]
    [InlineData("--upload-pack=touch /tmp/owned")]
    [InlineData("ext::sh -c id")]
    [InlineData("relative/path")]
    [InlineData("../up")]
    [InlineData("")]
    [InlineData("ftp://host/x.git")]
    [InlineData("ssh://-oProxyCommand=id/x")]
    [InlineData("https://")]
    [InlineData("host:path\nx")]
    public async Task Probe_AddressOfAnotherKind_IsRefusedBeforeGit(string repository)
    {
        var problem = await Assert.ThrowsAsync<GitException>(() => _room.Repositories.ProbeAsync(repository, Stop));
        Assert.Contains("absolute path", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git@example.test:team/shop.git")]
    [InlineData("https://example.test/team/shop.git")]
    [InlineData("ssh://git@example.test:2222/team/shop.git")]
    [InlineData("file:///srv/git/shop.git")]
    [InlineData("/srv/git/shop.git")]
    public void Address_OfAnAllowedKind_IsShownAsTyped(string repository) => Assert.Equal(repository, RepositoryAddress.Parse(repository).Shown);

    [Fact]
    public void Address_WithCredentials_HoldsThemApart()
    {
        var address = RepositoryAddress.Parse("https://bot:p%40ss@example.test:8443/team/shop.git");
        Assert.Equal("https://example.test:8443/team/shop.git", address.Fetch);
        Assert.Equal("https://example.test:8443/", address.Origin);
        Assert.Equal("bot:p@ss", Encoding.UTF8.GetString(Convert.FromBase64String(address.BasicCredentials!)));
    }

    [Fact]
    public async Task Probe_PathThatDoesNotExist_SaysSo()
    {
        var problem = await Assert.ThrowsAsync<GitException>(() => _room.Repositories.ProbeAsync(_room.Sandbox.PathOf("none.git"), Stop));
        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_PathThatDoesNotExist_SaysSo()
    {
        var problem = await Assert.ThrowsAsync<GitException>(() => _room.Repositories.FetchAsync(GitRoom.Of(_room.Sandbox.PathOf("none.git")), Stop));
        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_PortNobodyListensOn_SaysTheHostDoesNotAnswer()
    {
        var problem = await Assert.ThrowsAsync<GitException>(() => _room.Repositories.ProbeAsync($"http://bot:hidden@127.0.0.1:{FreePort()}/shop.git", Stop));
        Assert.Contains("does not answer", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "refused the sign-in")]
    [InlineData(404, "does not exist")]
    public async Task Probe_HostThatRefuses_SaysWhyWithoutCredentials(int status, string expected)
    {
        var seen = new ConcurrentBag<string?>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var host = builder.Build();
        host.Run(context =>
        {
            seen.Add(context.Request.Headers.Authorization);
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            return Task.CompletedTask;
        });
        await host.StartAsync(Stop);
        var authority = new Uri(host.Urls.First()).Authority;

        var problem = await Assert.ThrowsAsync<GitException>(() => _room.Repositories.ProbeAsync($"http://bot:hidden@{authority}/shop.git", Stop));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Basic " + Convert.ToBase64String("bot:hidden"u8), seen);
    }

    [Theory]
    [InlineData("fatal: unable to access 'https://nowhere.test/': Could not resolve host: nowhere.test", "not known on this network")]
    [InlineData("ssh: Could not resolve hostname nowhere.test: Name or service not known", "not known on this network")]
    [InlineData("git@host.test: Permission denied (publickey).\nfatal: Could not read from remote repository.", "refused the sign-in")]
    [InlineData("Host key verification failed.\nfatal: Could not read from remote repository.", "host key")]
    [InlineData("fatal: couldn't find remote ref refs/heads/nope", "no branch or tag")]
    [InlineData("fatal: write error: No space left on device", "disk of the data directory is full")]
    [InlineData("fatal: something odd at https://u:p@host/x", "something odd at https://host/x")]
    public void OfRemote_WhatGitSays_BecomesASentence(string said, string expected) =>
        Assert.Contains(expected, GitFailure.OfRemote("https://host/x", said).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Run_LongerThanItsLimit_IsEnded()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var git = _room.Get<GitProcess>();
        await Assert.ThrowsAsync<TimeoutException>(() => git.RunAsync(
            null, ["ls-remote", $"git://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/x"], null, TimeSpan.FromMilliseconds(300), Stop));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
