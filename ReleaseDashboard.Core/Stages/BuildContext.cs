using System.Formats.Tar;
using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>What is sent to the builder: the tree below the context, with the Dockerfile in it wherever the repository keeps it.</summary>
internal sealed class BuildContext(IGitRepositories git, Application application, string commit, string directory, string dockerfilePath, byte[] dockerfile)
{
    private const string Outside = ".release.dockerfile";

    private readonly string? _inside = Inside(directory, dockerfilePath);

    /// <summary>Path inside the tar.</summary>
    public string Dockerfile => _inside ?? Outside;

    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        if (_inside is null)
        {
            // Not disposed: disposing would write the mark at which an archive ends, and the tree follows.
            var writer = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
            using var content = new MemoryStream(dockerfile, writable: false);
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, Outside) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch }, cancellationToken);
        }

        await git.WriteContextAsync(application, commit, directory, _inside is null ? [] : [_inside], output, cancellationToken);
    }

    /// <summary>The Dockerfile's path seen from the context; null when it lies outside. Both are paths inside the repository.</summary>
    internal static string? Inside(string context, string dockerfile)
    {
        var (folder, file) = (Clean(context), Clean(dockerfile));
        if (folder.Length == 0) return file;
        return file.StartsWith(folder + "/", StringComparison.Ordinal) ? file[(folder.Length + 1)..] : null;
    }

    private static string Clean(string path) =>
        string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."));
}
