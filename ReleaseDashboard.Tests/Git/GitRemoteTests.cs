using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReleaseDashboard.Auth;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Git;
using ReleaseDashboard.Hosting;
using ReleaseDashboard.Tests.Triggers;
using Xunit;

namespace ReleaseDashboard.Tests.Git;

/// <summary>The real git client against the dashboard's remote, over HTTP.</summary>
public sealed class GitRemoteTests : IAsyncLifetime
{
    private const string Token = "a-token-for-tests-only";

    private readonly TriggerRoom _room = new();
    private WebApplication _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Authority => new Uri(_host.Urls.First()).Authority;

    private string Url(string name = "shop", string credentials = "ada:" + Token + "@") => $"http://{credentials}{Authority}/git/{name}.git";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _room.AddTo(builder.Services, o =>
        {
            o.SeedSample = false;
            o.Auth.BootstrapToken = Token;
        });
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton<IPublicAddress>(p => p.GetRequiredService<PublicAddress>());
        builder.Services.AddSingleton<ITokenStore, NoTokens>();
        builder.Services.AddSignIn(builder.Configuration);
        _host = builder.Build();
        _host.UseAuthentication();
        _host.UseAuthorization();
        _host.MapGitRemote();
        await _room.HostAsync("shop", Stop);
        await _host.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _room.Dispose();
    }

    [Fact]
    public async Task Push_ThenClone_BringsTheSameCommit()
    {
        var clone = await FirstCommitAsync();
        var pushed = await _room.Sandbox.GitAsync(clone, "rev-parse", "HEAD");
        await _room.Sandbox.GitAsync(clone, "push", Url(), "HEAD:refs/heads/main");

        var again = await _room.Sandbox.CloneAsync(Url());

        Assert.Equal(pushed, await _room.Sandbox.GitAsync(again, "rev-parse", "HEAD"));
        Assert.Equal("main", (await _room.Sandbox.GitAsync(again, "branch", "--show-current")).Trim());
    }

    [Fact]
    public async Task Push_ToAFollowedBranch_TellsTheClientWhatWasStarted()
    {
        _room.Records.AddEnvironment("ted1bc4", "shop", "main");
        var clone = await FirstCommitAsync();

        var (exitCode, _, error) = await _room.Sandbox.TryGitAsync(clone, "push", Url(), "HEAD:refs/heads/main");

        Assert.Equal(0, exitCode);
        Assert.Equal("ted1bc4", _room.Runs.Deployments.Single().Environment);
        Assert.Contains("remote: Deployment 1 brings", error, StringComparison.Ordinal);
        Assert.Contains($"remote:   http://{Authority}/deployments/1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_OfMegabytes_ArrivesWhole()
    {
        var clone = await FirstCommitAsync();
        var noise = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(clone, "noise.bin"), noise, Stop);
        await _room.Sandbox.CommitAsync(clone, "Large");

        await _room.Sandbox.GitAsync(clone, "push", Url(), "HEAD:refs/heads/main");

        var again = await _room.Sandbox.CloneAsync(Url());
        Assert.Equal(noise, await File.ReadAllBytesAsync(Path.Combine(again, "noise.bin"), Stop));
        Assert.Single(_room.Runs.Builds);
    }

    [Fact]
    public async Task Fetch_WithManyRefs_SendsAGzippedBodyThatIsRead()
    {
        var clone = await FirstCommitAsync();
        for (var i = 0; i < 30; i++) await _room.Sandbox.GitAsync(clone, "tag", $"v{i}", (await _room.Sandbox.CommitAsync(clone, $"Commit {i}"))[..40]);
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", Url(), "HEAD:refs/heads/main", "--tags");

        var again = await _room.Sandbox.CloneAsync(Url());
        await _room.Sandbox.CommitAsync(again, "Own");
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", Url(), "+HEAD~5:refs/heads/other");
        await _room.Sandbox.GitAsync(again, "fetch", "--quiet", "origin");

        Assert.Equal(30, (await _room.Sandbox.GitAsync(again, "tag")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Push_RewrittenHistory_IsAccepted()
    {
        var clone = await FirstCommitAsync();
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", Url(), "HEAD:refs/heads/main");
        await _room.Sandbox.GitAsync(clone, "commit", "--quiet", "--amend", "-m", "Rewritten");
        Assert.Equal(0, (await _room.Sandbox.TryGitAsync(clone, "push", "--force", Url(), "HEAD:refs/heads/main")).ExitCode);
    }

    [Fact]
    public async Task Push_DeletingTheTrackingBranch_IsRefusedAndOthersAreNot()
    {
        var clone = await FirstCommitAsync();
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", Url(), "HEAD:refs/heads/main", "HEAD:refs/heads/feature");

        var tracking = await _room.Sandbox.TryGitAsync(clone, "push", Url(), "--delete", "main");
        Assert.NotEqual(0, tracking.ExitCode);
        Assert.Contains("prohibited", tracking.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _room.Sandbox.TryGitAsync(clone, "push", Url(), "--delete", "feature")).ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada:wrong@")]
    public async Task Clone_WithoutValidToken_IsRefused(string credentials)
    {
        var (exitCode, _, error) = await _room.Sandbox.TryGitAsync(null, "clone", Url("shop", credentials), _room.Sandbox.PathOf("refused"));
        Assert.NotEqual(0, exitCode);
        Assert.Matches("Authentication failed|could not read", error);
    }

    [Fact]
    public async Task Request_WithoutToken_IsAskedForBasic()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{Url("shop", "")}/info/refs?service=git-upload-pack"), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("unknown", "info/refs?service=git-upload-pack")]
    [InlineData("elsewhere", "info/refs?service=git-upload-pack")]
    [InlineData("..%2Fgit%2Fconfig", "info/refs?service=git-upload-pack")]
    [InlineData("shop", "HEAD")]
    [InlineData("shop", "config")]
    [InlineData("shop", "info/refs")]
    [InlineData("shop", "objects/info/packs")]
    public async Task Request_ForAnythingButAHostedRemote_IsNotFound(string name, string path)
    {
        _room.Add("elsewhere", "/srv/elsewhere.git");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Url(name, "")}/{path}"));
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x:" + Token)));
        using var answer = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Push_GarbageAsBody_IsAnsweredAndTheRemoteGoesOn()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Url("shop", "")}/git-receive-pack")) { Content = new ByteArrayContent("not a packet at all"u8.ToArray()) };
        request.Content.Headers.ContentType = new("application/x-git-receive-pack-request");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x:" + Token)));
        using var answer = await client.SendAsync(request, Stop);
        Assert.True((int)answer.StatusCode is 200 or >= 400);

        var clone = await FirstCommitAsync();
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", Url(), "HEAD:refs/heads/main");
    }

    private async Task<string> FirstCommitAsync()
    {
        var folder = _room.Sandbox.PathOf("work-" + Guid.NewGuid().ToString("N"));
        await _room.Sandbox.GitAsync(null, "init", "--quiet", "--initial-branch=main", folder);
        await _room.Sandbox.GitAsync(folder, "config", "user.name", "Ada Lovelace");
        await _room.Sandbox.GitAsync(folder, "config", "user.email", "ada@example.test");
        await _room.Sandbox.CommitAsync(folder, "First", ("README.md", "# Shop\n"));
        return folder;
    }

    /// <summary>The bootstrap token is all there is.</summary>
    private sealed class NoTokens : ITokenStore
    {
        public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken) => Task.CompletedTask;
        public Task SaveTokenAsync(string name, string kind, string secret, DateTimeOffset? expiresAt, string actor, string action, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<StoredToken>> TokensAsync(string kind, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredToken>>([]);

        public Task<string?> FindOwnerAsync(string kind, string secret, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
