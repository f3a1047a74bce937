using System.Text.Json;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Excerpts of a log that outlive it, a line of JSON each, in a file beside it: a link to a line goes on showing it.</summary>
internal sealed class LogPins(string path)
{
    public const int MostLines = 1000;

    /// <summary>Characters of an excerpt; the text of its lines is cut as it is shown.</summary>
    private const int MostText = 2 * 1024 * 1024;

    /// <summary>Bytes of all excerpts of a log.</summary>
    private const long MostBytes = 64 * 1024 * 1024;

    private static readonly Lock Gate = new();

    public sealed record Pin(long From, long To, IReadOnlyList<LogLine> Lines);

    /// <summary>Null when it is kept; else why it cannot be, in a sentence.</summary>
    public string? Add(IReadOnlyList<LogLine> lines)
    {
        var pin = new Pin(lines[0].Number, lines[^1].Number, lines);
        if (lines.Sum(l => (long)l.Text.Length) > MostText) return "These lines are too long to be pinned together: pin fewer of them.";
        lock (Gate)
        {
            if (All().Any(p => p.From <= pin.From && p.To >= pin.To)) return null;
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MostBytes) return "This log has as many pinned excerpts as it can have.";
            file.Position = EndOfWhole(file);
            // Over what a killed process may have left unfinished.
            file.SetLength(file.Position);
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(pin), (byte)'\n']);
            file.Flush(flushToDisk: true);
            return null;
        }
    }

    /// <summary>Every line that is pinned, in order.</summary>
    public IReadOnlyList<LogLine> Lines() => [.. All().SelectMany(p => p.Lines).DistinctBy(l => l.Number).OrderBy(l => l.Number)];

    private List<Pin> All()
    {
        if (!File.Exists(path)) return [];
        try
        {
            return [.. File.ReadLines(path).Select(Parse).OfType<Pin>()];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static Pin? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Pin>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long EndOfWhole(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') return end;
        }
        return 0;
    }
}
