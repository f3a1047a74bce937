using System.Formats.Tar;
using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>
/// Writes the tree of a commit as a tar, straight from git's objects: ignored files are never read, nothing touches the disk. Files are as
/// git stores them (no end-of-line conversion). Contents of submodules and of Git LFS are not in the repository, and so not in the tar.
/// </summary>
internal sealed class GitContext(GitProcess git)
{
    /// <summary>The same for every file of every commit: BuildKit's cache compares content, and a constant keeps the bytes equal too.</summary>
    private static readonly DateTimeOffset FileTime = DateTimeOffset.UnixEpoch;

    private const int LargestText = 1024 * 1024;

    public async Task WriteAsync(string repository, string commit, string directory, IReadOnlyList<string> keep, Stream output, CancellationToken cancellationToken)
    {
        var inside = GitReference.Path(directory) ?? throw new GitException($"The build context '{directory}' lies outside the repository.");
        var tree = inside.Length == 0 ? commit + "^{tree}" : $"{commit}:{inside}";
        var listing = await git.RunAsync(repository, ["ls-tree", "-r", "-z", "--end-of-options", tree], cancellationToken).ConfigureAwait(false);
        if (!listing.Succeeded) throw new GitException($"Commit {commit[..Math.Min(7, commit.Length)]} has no directory '{inside}'. Check the build context in the template.");
        var entries = listing.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(TreeEntry.Parse).ToList();

        var blobs = new GitBlobs(git.Start(repository, ["cat-file", "--batch"], null));
        await using (blobs.ConfigureAwait(false))
        {
            var kept = keep.Select(GitReference.Path).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var ignore = await ReadIgnoreAsync(entries, keep, blobs, cancellationToken).ConfigureAwait(false);
            var writer = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
            await using (writer.ConfigureAwait(false))
            {
                var folders = new HashSet<string>(StringComparer.Ordinal);
                foreach (var entry in entries.Where(e => kept.Contains(e.Path) || !ignore.Leaves(e.Path)))
                {
                    await WriteFoldersAsync(writer, folders, entry.Path, cancellationToken).ConfigureAwait(false);
                    await WriteEntryAsync(writer, entry, blobs, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task<DockerIgnore> ReadIgnoreAsync(List<TreeEntry> entries, IReadOnlyList<string> keep, GitBlobs blobs, CancellationToken cancellationToken)
    {
        // The Dockerfile's own file wins over that of the directory, and the two are never added up.
        var names = keep.Select(k => GitReference.Path(k) + ".dockerignore").Append(".dockerignore");
        var entry = names.Select(n => entries.Find(e => e.Path == n && e.IsFile)).FirstOrDefault(e => e is not null);
        if (entry is null) return DockerIgnore.Nothing;
        var blob = await blobs.OpenAsync(entry.Object, cancellationToken).ConfigureAwait(false);
        return DockerIgnore.Parse(await ReadTextAsync(blob, entry.Path, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<string> ReadTextAsync(BlobStream blob, string path, CancellationToken cancellationToken)
    {
        if (blob.Length > LargestText) throw new GitException($"{path} is larger than {LargestText / 1024} KB; an ignore file or a link must be smaller.");
        using var reader = new StreamReader(blob, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteFoldersAsync(TarWriter writer, HashSet<string> written, string path, CancellationToken cancellationToken)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (!written.Add(path[..slash])) continue;
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, path[..slash] + "/") { Mode = (UnixFileMode)0b111_101_101, ModificationTime = FileTime }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteEntryAsync(TarWriter writer, TreeEntry entry, GitBlobs blobs, CancellationToken cancellationToken)
    {
        if (entry.IsSubmodule)
        {
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, entry.Path + "/") { Mode = (UnixFileMode)0b111_101_101, ModificationTime = FileTime }, cancellationToken).ConfigureAwait(false);
            return;
        }

        var blob = await blobs.OpenAsync(entry.Object, cancellationToken).ConfigureAwait(false);
        if (entry.IsLink)
        {
            var target = await ReadTextAsync(blob, entry.Path, cancellationToken).ConfigureAwait(false);
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, entry.Path) { LinkName = target, ModificationTime = FileTime }, cancellationToken).ConfigureAwait(false);
            return;
        }

        await writer.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.RegularFile, entry.Path)
            {
                Mode = entry.IsExecutable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
                ModificationTime = FileTime,
                DataStream = blob,
            },
            cancellationToken).ConfigureAwait(false);
        await blob.SkipAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed record TreeEntry(string Mode, string Object, string Path)
    {
        public bool IsLink => Mode == "120000";
        public bool IsSubmodule => Mode == "160000";
        public bool IsExecutable => Mode == "100755";
        public bool IsFile => !IsLink && !IsSubmodule;

        /// <summary><c>100644 blob 5716ca…⇥path</c>.</summary>
        public static TreeEntry Parse(string line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var parts = line[..tab].Split(' ');
            return new TreeEntry(parts[0], parts[2], line[(tab + 1)..]);
        }
    }
}
