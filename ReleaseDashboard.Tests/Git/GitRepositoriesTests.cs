using System.Text;
using System.Runtime.Versioning;
using ReleaseDashboard.Core.Git;
using Xunit;

namespace ReleaseDashboard.Tests.Git;

[UnsupportedOSPlatform("windows")]
public sealed class GitRepositoriesTests : IDisposable
{
    private readonly GitRoom _room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IGitRepositories Git => _room.Repositories;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Resolve_BeforeTheFirstFetch_IsNull()
    {
        var application = GitRoom.Of(await _room.Sandbox.CreateRemoteAsync("shop"));
        Assert.Null(await Git.ResolveAsync(application, "main", Stop));
    }

    [Fact]
    public async Task Resolve_Branch_GivesCommitWithAuthorAndMessage()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var sha = await _room.Sandbox.PushAsync(remote, "main", "Größer\n\nWith a body.", ("a.txt", "a"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);

        var commit = await Git.ResolveAsync(application, "main", Stop);

        Assert.NotNull(commit);
        Assert.Equal(sha, commit.Sha);
        Assert.Equal("Ada Lovelace", commit.Author);
        Assert.Equal("Größer", commit.Subject);
        Assert.Equal("Größer\n\nWith a body.", commit.Message);
        Assert.True(DateTimeOffset.UnixEpoch.AddYears(40) < commit.At);
    }

    [Fact]
    public async Task Resolve_BranchBeforeTagBeforeSha_Peeled()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var clone = await _room.Sandbox.CloneAsync(remote);
        var first = (await _room.Sandbox.GitAsync(clone, "rev-parse", "HEAD")).Trim();
        await _room.Sandbox.GitAsync(clone, "tag", "-a", "v1", "-m", "Version 1");
        await _room.Sandbox.GitAsync(clone, "tag", "both");
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", "origin", "--tags");
        var second = await _room.Sandbox.CommitAndPushAsync(clone, "both", "Second", ("b.txt", "b"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);

        Assert.Equal(first, (await Git.ResolveAsync(application, "v1", Stop))?.Sha);
        Assert.Equal(second, (await Git.ResolveAsync(application, "both", Stop))?.Sha);
        Assert.Equal(first, (await Git.ResolveAsync(application, first[..8], Stop))?.Sha);
        var refs = await Git.ListRefsAsync(application, Stop);
        Assert.Contains(new GitRef("v1", true, first), refs);
        Assert.Contains(new GitRef("both", false, second), refs);
        Assert.Equal(refs.OrderBy(r => r.Name + r.IsTag), (await Git.ListRemoteRefsAsync(application, Stop)).OrderBy(r => r.Name + r.IsTag));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("main~1")]
    [InlineData("main:README.md")]
    [InlineData("main@{0}")]
    [InlineData("--all")]
    [InlineData("")]
    [InlineData("../main")]
    [InlineData("deadbeef")]
    [InlineData("main\n")]
    public async Task Resolve_NameThatIsNoBranchTagOrSha_IsNull(string reference)
    {
        var application = GitRoom.Of(await _room.Sandbox.CreateRemoteAsync("shop"));
        await Git.FetchAsync(application, Stop);
        Assert.Null(await Git.ResolveAsync(application, reference, Stop));
    }

    [Fact]
    public async Task Fetch_RewrittenAndDeletedBranches_FollowsTheRemote()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var old = await _room.Sandbox.PushAsync(remote, "main", "Old", ("a.txt", "old"));
        await _room.Sandbox.PushAsync(remote, "feature", "Feature", ("f.txt", "f"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);

        var clone = await _room.Sandbox.CloneAsync(remote);
        await _room.Sandbox.GitAsync(clone, "commit", "--quiet", "--amend", "-m", "New");
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", "--force", "origin", "HEAD:main");
        await _room.Sandbox.GitAsync(clone, "push", "--quiet", "origin", "--delete", "feature");
        await Git.FetchAsync(application, Stop);

        Assert.Equal("New", (await Git.ResolveAsync(application, "main", Stop))?.Subject);
        Assert.Null(await Git.ResolveAsync(application, "feature", Stop));
        Assert.Equal("old"u8.ToArray(), await Git.ReadFileAsync(application, old, "a.txt", Stop));
    }

    [Fact]
    public async Task Fetch_AskedForManyTimesAtOnce_AllSeeTheNewCommit()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);
        var sha = await _room.Sandbox.PushAsync(remote, "main", "New", ("a.txt", "a"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await Git.FetchAsync(application, Stop);
            Assert.Equal(sha, (await Git.ResolveAsync(application, "main", Stop))?.Sha);
        }));
    }

    [Fact]
    public async Task Fetch_LockLeftByAKilledProcess_IsTakenAway()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);
        var sha = await _room.Sandbox.PushAsync(remote, "main", "New", ("a.txt", "a"));
        var left = Path.Combine(_room.Sandbox.PathOf("data"), "git", "shop.git", "refs", "heads", "main.lock");
        await File.WriteAllTextAsync(left, "", Stop);
        File.SetLastWriteTimeUtc(left, DateTimeOffset.UnixEpoch.AddYears(50).UtcDateTime);

        await Git.FetchAsync(application, Stop);

        Assert.Equal(sha, (await Git.ResolveAsync(application, "main", Stop))?.Sha);
    }

    [Fact]
    public async Task ReadFile_PresentMissingAndOutside_ContentOrNull()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop", "main", (".release/application_template.yaml", "services: []\n"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);
        var commit = (await Git.ResolveAsync(application, "main", Stop))!.Sha;

        Assert.Equal("services: []\n", Encoding.UTF8.GetString((await Git.ReadFileAsync(application, commit, "./.release/application_template.yaml", Stop))!));
        Assert.Null(await Git.ReadFileAsync(application, commit, "missing.txt", Stop));
        Assert.Null(await Git.ReadFileAsync(application, commit, ".release", Stop));
        Assert.Null(await Git.ReadFileAsync(application, commit, "../../etc/passwd", Stop));
    }

    [Fact]
    public async Task ReadFile_MirrorThatWasDeleted_IsFetchedAgain()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop", "main", ("a.txt", "a"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);
        var commit = (await Git.ResolveAsync(application, "main", Stop))!.Sha;
        Directory.Delete(Path.Combine(_room.Sandbox.PathOf("data"), "git"), recursive: true);

        Assert.Equal("a"u8.ToArray(), await Git.ReadFileAsync(application, commit, "a.txt", Stop));
    }

    [Fact]
    public async Task Probe_Repository_GivesDefaultBranch()
    {
        Assert.Equal("trunk", await Git.ProbeAsync(await _room.Sandbox.CreateRemoteAsync("shop", "trunk"), Stop));
    }

    [Fact]
    public async Task Probe_EmptyRepository_IsNull()
    {
        var empty = _room.Sandbox.PathOf("empty.git");
        await _room.Sandbox.GitAsync(null, "init", "--quiet", "--bare", empty);
        Assert.Null(await Git.ProbeAsync(empty, Stop));
    }

    [Fact]
    public async Task SeedHosted_Twice_MakesOneCommitWithModes()
    {
        var files = Directory.CreateDirectory(_room.Sandbox.PathOf("files")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "run.sh"), "#!/bin/sh\n", Stop);
        File.SetUnixFileMode(Path.Combine(files, "run.sh"), (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(files, ".release"));
        await File.WriteAllTextAsync(Path.Combine(files, ".release", "a.yaml"), "a: 1\n", Stop);

        await Git.SeedHostedAsync("visits", files, "trunk", "The sample", Stop);
        var application = GitRoom.Of("", "visits", hosted: true);
        var first = await Git.ResolveAsync(application, "trunk", Stop);
        await Git.SeedHostedAsync("visits", files, "trunk", "The sample", Stop);

        Assert.Equal("The sample", first?.Subject);
        Assert.Equal(first, await Git.ResolveAsync(application, "trunk", Stop));
        var clone = await _room.Sandbox.CloneAsync(Path.Combine(_room.Sandbox.PathOf("data"), "hosted", "visits.git"));
        Assert.True(File.Exists(Path.Combine(clone, ".release", "a.yaml")));
        Assert.True(File.GetUnixFileMode(Path.Combine(clone, "run.sh")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task CreateHosted_WhereAnOldRepositoryWasLeft_IsEmptyAndKeepsTheOldOneAside()
    {
        var path = await Git.CreateHostedAsync("shop", Stop);
        await _room.Sandbox.PushAsync(path, "main", "Of the application before", ("a", "1"));

        Assert.Equal(path, await Git.CreateHostedAsync("shop", Stop));

        Assert.Empty(await Git.ListRefsAsync(GitRoom.Of(path, hosted: true), Stop));
        var aside = Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(path)!, "shop.git.left-*"));
        Assert.Contains("Of the application before", await _room.Sandbox.GitAsync(aside, "log", "--format=%s", "main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_CommitWithAnEndlessMessage_IsCut()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        await _room.Sandbox.PushAsync(remote, "main", "Long\n\n" + new string('x', 60_000), ("a.txt", "a"));
        var application = GitRoom.Of(remote);
        await Git.FetchAsync(application, Stop);

        var message = (await Git.ResolveAsync(application, "main", Stop))!.Message;

        Assert.StartsWith("Long\n\nxxx", message, StringComparison.Ordinal);
        Assert.Equal(16 * 1024, message.Length);
    }

    [Fact]
    public async Task Output_LargerThanItsLimit_IsAProblemInASentence()
    {
        using var output = new MemoryStream(new byte[3 * 1024 * 1024]);
        var problem = await Assert.ThrowsAsync<GitException>(() => GitOutput.ReadAsync(output, 2 * 1024 * 1024, Stop));
        Assert.Contains("more than 2 MB", problem.Message, StringComparison.Ordinal);
        output.Position = 0;
        Assert.Equal(output.Length, (await GitOutput.ReadAsync(output, (int)output.Length, Stop)).Length);
    }

    [Fact]
    public async Task Delete_Application_LeavesNothing()
    {
        var application = GitRoom.Of(await _room.Sandbox.CreateRemoteAsync("shop"));
        await Git.FetchAsync(application, Stop);
        await Git.DeleteAsync(application, Stop);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_room.Sandbox.PathOf("data"), "git")));
        Assert.Empty(await Git.ListRefsAsync(application, Stop));
    }
}
