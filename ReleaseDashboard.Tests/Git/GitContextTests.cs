using System.Formats.Tar;
using System.Runtime.Versioning;
using ReleaseDashboard.Core.Git;
using Xunit;

namespace ReleaseDashboard.Tests.Git;

[UnsupportedOSPlatform("windows")]
public sealed class GitContextTests : IDisposable
{
    private readonly GitRoom _room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task WriteContext_WholeTree_KeepsModesLinksAndContent()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var clone = await _room.Sandbox.CloneAsync(remote);
        var longName = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 8)) + "/file.txt";
        await File.WriteAllTextAsync(Path.Combine(clone, "run.sh"), "#!/bin/sh\n", Stop);
        File.SetUnixFileMode(Path.Combine(clone, "run.sh"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Combine(clone, "link"), "src/ä.txt");
        await _room.Sandbox.CommitAndPushAsync(clone, "main", "Files",
            ("src/ä.txt", "text"), (longName, "deep"), ("empty", ""), (".gitattributes", "*.secret export-ignore\n"), ("x.secret", "sent"), ("big.bin", new string('x', 300_000)));

        var (entries, bytes) = await TarAsync(remote, ".");

        Assert.Equal("#!/bin/sh\n", entries["run.sh"].Content);
        Assert.True(entries["run.sh"].Mode.HasFlag(UnixFileMode.UserExecute));
        Assert.False(entries["empty"].Mode.HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("src/ä.txt", entries["link"].Link);
        Assert.Equal("text", entries["src/ä.txt"].Content);
        Assert.Equal("deep", entries[longName].Content);
        Assert.Equal("sent", entries["x.secret"].Content);
        Assert.Equal(300_000, entries["big.bin"].Content.Length);
        Assert.Equal("", entries["empty"].Content);
        Assert.NotEqual((byte)'x', bytes[156]);
        Assert.NotEqual((byte)'g', bytes[156]);
        Assert.Equal(bytes, (await TarAsync(remote, ".")).Bytes);
    }

    [Fact]
    public async Task WriteContext_SubDirectory_HasPathsBelowIt()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop", "main", ("web/Dockerfile", "FROM scratch"), ("web/src/a", "a"), ("other/b", "b"));
        var (entries, _) = await TarAsync(remote, "./web/");
        Assert.Equal(["Dockerfile", "src/", "src/a"], entries.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nowhere", "no directory 'nowhere'")]
    [InlineData("../..", "outside the repository")]
    public async Task WriteContext_DirectoryThatIsNotThere_SaysSo(string directory, string expected)
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop");
        var problem = await Assert.ThrowsAsync<GitException>(() => TarAsync(remote, directory));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteContext_DockerfileThatIgnoreNames_IsSentAllTheSame()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop", "main", ("Dockerfile", "FROM scratch"), (".dockerignore", "*\n!src\n**/*.tmp"), ("src/a", "a"), ("src/b.tmp", "b"), ("c", "c"));
        var (entries, _) = await TarAsync(remote, ".", "Dockerfile");
        Assert.Equal(["Dockerfile", "src/", "src/a"], entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteContext_IgnoreFileOfTheDockerfile_ReplacesThatOfTheDirectory()
    {
        var remote = await _room.Sandbox.CreateRemoteAsync("shop", "main",
            ("web.Dockerfile", "FROM scratch"), ("web.Dockerfile.dockerignore", "b"), (".dockerignore", "a"), ("a", "a"), ("b", "b"));
        var (entries, _) = await TarAsync(remote, ".", "web.Dockerfile");
        Assert.Contains("a", entries.Keys);
        Assert.DoesNotContain("b", entries.Keys);
    }

    [Theory]
    [InlineData("node_modules", "node_modules/x/y", true)]
    [InlineData("node_modules", "web/node_modules/x", false)]
    [InlineData("**/node_modules", "web/node_modules/x", true)]
    [InlineData("**/node_modules", "node_modules/x", true)]
    [InlineData("/build/", "build/out", true)]
    [InlineData("./build", "build/out", true)]
    [InlineData("a/../build", "build/out", true)]
    [InlineData("*.log", "x.log", true)]
    [InlineData("*.log", "logs/x.log", false)]
    [InlineData("*/*.log", "logs/x.log", true)]
    [InlineData("**/*.log", "a/b/c/x.log", true)]
    [InlineData("logs/**", "logs/a/b", true)]
    [InlineData("logs/**", "logs", false)]
    [InlineData("docs/**/*.md", "docs/a.md", true)]
    [InlineData("docs/**/*.md", "docs/a/b/c.md", true)]
    [InlineData("temp?", "temp1", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("Temp", "temp", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData("# comment\nx", "x", true)]
    [InlineData("# comment\nx", "# comment", false)]
    [InlineData("  x  \r\n\n", "x", true)]
    [InlineData("*\n!keep", "keep/a", false)]
    [InlineData("*\n!keep\nkeep/a", "keep/a", true)]
    [InlineData("!keep\n*", "keep", true)]
    [InlineData("*\n! keep", "keep", false)]
    [InlineData("a.b", "aXb", false)]
    [InlineData("a+(b)$", "a+(b)$", true)]
    [InlineData("\\*.txt", "*.txt", true)]
    [InlineData("\\*.txt", "a.txt", false)]
    [InlineData("\uFEFFx", "x", true)]
    [InlineData("", "x", false)]
    public void DockerIgnore_Rule_MeansWhatDockerMeans(string text, string path, bool ignored) => Assert.Equal(ignored, DockerIgnore.Parse(text).Leaves(path));

    [Theory]
    [InlineData("a\n!", "line 2")]
    [InlineData("[a", "line 1")]
    public void DockerIgnore_PatternThatCannotBeRead_NamesTheLine(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<GitException>(() => DockerIgnore.Parse(text)).Message, StringComparison.Ordinal);

    private async Task<(Dictionary<string, Entry> Entries, byte[] Bytes)> TarAsync(string remote, string directory, params string[] keep)
    {
        var application = GitRoom.Of(remote);
        await _room.Repositories.FetchAsync(application, Stop);
        var commit = (await _room.Repositories.ResolveAsync(application, "main", Stop))!.Sha;
        using var stream = new MemoryStream();
        await _room.Repositories.WriteContextAsync(application, commit, directory, keep, stream, Stop);
        stream.Position = 0;
        var entries = new Dictionary<string, Entry>();
        await using var reader = new TarReader(stream, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: true, Stop) is { } entry)
        {
            using var content = new StreamReader(entry.DataStream ?? Stream.Null);
            entries[entry.Name] = new Entry(await content.ReadToEndAsync(Stop), entry.Mode, entry.LinkName);
        }

        return (entries, stream.ToArray());
    }

    private sealed record Entry(string Content, UnixFileMode Mode, string Link);
}
