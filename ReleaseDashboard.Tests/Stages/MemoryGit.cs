using System.Formats.Tar;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Stages;

/// <summary>One commit's files in memory.</summary>
internal sealed class MemoryGit : IGitRepositories
{
    public const string Commit = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

    public Dictionary<string, byte[]> Files { get; } = [];

    public Task FetchAsync(Application application, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> ProbeAsync(string repository, CancellationToken cancellationToken) => Task.FromResult<string?>("main");

    public Task<GitCommit?> ResolveAsync(Application application, string reference, CancellationToken cancellationToken) =>
        Task.FromResult<GitCommit?>(new GitCommit(Commit, "ann", "first", DateTimeOffset.UnixEpoch));

    public Task<IReadOnlyList<GitRef>> ListRefsAsync(Application application, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> ReadFileAsync(Application application, string commit, string path, CancellationToken cancellationToken) => Task.FromResult(Files.GetValueOrDefault(path));

    public async Task WriteContextAsync(Application application, string commit, string directory, IReadOnlyList<string> keep, Stream output, CancellationToken cancellationToken)
    {
        var prefix = directory == "." ? "" : directory + "/";
        await using var writer = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var (path, content) in Files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)))
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, path[prefix.Length..]) { DataStream = new MemoryStream(content) }, cancellationToken);
    }

    public Task<string> CreateHostedAsync(string application, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SeedHostedAsync(string application, string directory, string branch, string message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(Application application, CancellationToken cancellationToken) => throw new NotSupportedException();
}
