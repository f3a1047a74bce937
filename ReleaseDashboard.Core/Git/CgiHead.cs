using System.Globalization;
using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>The header lines a CGI program prints before its body.</summary>
internal static class CgiHead
{
    private const int Longest = 32 * 1024;

    /// <summary>Returns status, headers and what was already read of the body.</summary>
    /// <exception cref="GitException">The program ended without an answer.</exception>
    public static async Task<(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Start)> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[Longest];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await output.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0) break;
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            var (status, headers) = Parse(Encoding.Latin1.GetString(buffer, 0, end));
            return (status, headers, buffer.AsMemory(end + 4, length - end - 4));
        }

        throw new GitException("git did not answer. Look into the dashboard's log for what it said.");
    }

    private static (int Status, IReadOnlyList<KeyValuePair<string, string>> Headers) Parse(string text)
    {
        var status = 200;
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in text.Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase)) status = int.Parse(value.AsSpan(0, Math.Min(3, value.Length)), CultureInfo.InvariantCulture);
            else headers.Add(new(name, value));
        }

        return (status, headers);
    }
}
