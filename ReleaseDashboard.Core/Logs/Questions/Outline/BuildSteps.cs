using System.Buffers.Text;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions.Outline;

/// <summary>A line with the prefix of a build step: <c>#7 </c>.</summary>
/// <param name="Number">0 is the piece's first line.</param>
/// <param name="End">How the step ended, if the line says so.</param>
internal readonly record struct BuildLine(int Number, int Step, RunStatus? End);

/// <summary>Steps of image builds as the dashboard writes them into the log: <c>#7 [2/4] RUN …</c>, its output, <c>#7 done 1.2s</c>.</summary>
internal static class BuildSteps
{
    private const int NameLength = 300;

    /// <summary>Finds the lines with a prefix in a piece.</summary>
    public static void Find(PieceBuffer piece, List<BuildLine> found)
    {
        var bytes = piece.Bytes;
        for (var number = 0; !bytes.IsEmpty; number++)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = bytes[..end];
            bytes = bytes[(end + 1)..];
            if (Prefix(line) is var (step, length)) found.Add(new BuildLine(number, step, End(line[length..])));
        }
    }

    /// <summary>What is behind the prefix of a line: the first line of a step is its name.</summary>
    public static string Name(LogFiles files, long line)
    {
        Span<byte> start = stackalloc byte[NameLength];
        Span<LineEntry> entry = stackalloc LineEntry[1];
        start = start[..(files.ReadEntries(line, entry) == 0 ? 0 : files.ReadText(entry[0].Start, start))];
        var end = start.IndexOf((byte)'\n');
        if (end >= 0) start = start[..end];
        return Encoding.UTF8.GetString(Prefix(start) is var (_, length) ? start[length..] : start);
    }

    /// <summary>0 for a line without a prefix.</summary>
    public static int NumberOf(ReadOnlySpan<byte> line) => Prefix(line)?.Step ?? 0;

    private static (int Step, int Length)? Prefix(ReadOnlySpan<byte> line) =>
        line.Length >= 4 && line[0] == '#' && char.IsAsciiDigit((char)line[1]) && Utf8Parser.TryParse(line[1..], out int step, out var used) && step > 0
            && used < 7 && line.Length > used + 1 && line[used + 1] == ' '
            ? (step, used + 2)
            : null;

    private static RunStatus? End(ReadOnlySpan<byte> text) =>
        text.StartsWith("done "u8) || text.SequenceEqual("cached"u8) ? RunStatus.Succeeded
        : !text.StartsWith("error "u8) ? null
        : text.EndsWith("context canceled"u8) ? RunStatus.Canceled
        : RunStatus.Failed;
}

/// <summary>A build step that was counted.</summary>
internal sealed class BuildCount(string name)
{
    public GroupCount Count { get; } = new(name);

    public RunStatus? Ended { get; set; }
}
