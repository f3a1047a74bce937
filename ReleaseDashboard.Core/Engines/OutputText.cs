using System.Text;

namespace ReleaseDashboard.Core.Engines;

/// <summary>Printed bytes as text.</summary>
internal static class OutputText
{
    /// <summary>The lines of a piece, without their line ends; what is not UTF-8 becomes U+FFFD.</summary>
    public static IEnumerable<string> Lines(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            yield return Of(line.Span);
        }
    }

    /// <summary>One line, with or without its line end.</summary>
    public static string Of(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\n']) line = line[..^1];
        if (line is [.., (byte)'\r']) line = line[..^1];
        return Encoding.UTF8.GetString(line);
    }

    public static long Count(ReadOnlySpan<byte> lines) => lines.Count((byte)'\n');
}
