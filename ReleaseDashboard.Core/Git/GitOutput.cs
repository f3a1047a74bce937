using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>Reads what git prints into memory, never more than a limit.</summary>
internal static class GitOutput
{
    private const int LongestError = 64 * 1024;

    /// <exception cref="GitException">There is more than <paramref name="largest"/> bytes.</exception>
    public static async Task<byte[]> ReadAsync(Stream output, int largest, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            if (bytes.Length + read > largest)
                throw new GitException($"git answered with more than {largest / 1024 / 1024} MB. The repository has more branches, tags or files, or a longer commit message, than can be read here; make it smaller.");
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads to the end, so that git never waits for its reader, and keeps the last of it: there stands why git ended.</summary>
    public static async Task<string> ReadErrorAsync(StreamReader error, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await error.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > LongestError) text.Remove(0, text.Length - (LongestError / 2));
        }

        return text.ToString();
    }
}
