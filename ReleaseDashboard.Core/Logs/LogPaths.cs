using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The files of one log.</summary>
/// <param name="Text">The masked text, a line each: what the raw download serves as it is.</param>
/// <param name="Index">One record a line, see <see cref="IndexRecord"/>. A line exists exactly when its record does.</param>
/// <param name="Tasks">Names of tasks, a line each; records refer to them by line number.</param>
/// <param name="Compressed">All of the above in one file, once the log has ended; see <see cref="Logs.Compressed.FrameFile"/>.</param>
internal sealed partial record LogPaths(string Text, string Index, string Tasks, string Compressed)
{
    /// <summary>The text after its older half was dropped, every other time: <see cref="IndexHeader.Second"/>.</summary>
    public string SecondText => Text + "2";

    public const string IndexEnd = ".idx";
    public const string CompressedEnd = ".log.zst";

    public const string PrunedEnd = ".pruned";

    /// <summary>A file that is being made: it is no part of the log until it is renamed, and worth nothing after a restart.</summary>
    public const string Unfinished = ".new";

    /// <summary>Findings of printed secrets.</summary>
    public string Secrets => Base + ".secrets";

    /// <summary>What was pruned of the log, and when.</summary>
    public string Pruned => Base + PrunedEnd;

    /// <summary>Excerpts that outlive pruning.</summary>
    public string Pins => Base + ".pins";

    private string Base => Text[..^".log".Length];

    public static LogPaths Of(string folder, string logId)
    {
        // An id becomes a file name, and instance ids come from outside.
        if (!Id().IsMatch(logId)) throw new ArgumentException($"\"{logId}\" cannot be the name of a log.", nameof(logId));
        var path = Path.Combine(folder, logId);
        return new(path + ".log", path + IndexEnd, path + ".tasks", path + CompressedEnd);
    }

    public string TextOf(IndexHeader header) => header.Second ? SecondText : Text;

    /// <summary>The log that a file with the mark <see cref="Unfinished"/> belongs to; null for a file of another name.</summary>
    public static string? IdOfUnfinished(string file) => UnfinishedFile().Match(file) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9._-]{0,199})\.(?:log\.zst|log2?|tasks|idx|secrets|pruned)(?:\.\d+)?\.new(?:\.index)?$")]
    private static partial Regex UnfinishedFile();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
    private static partial Regex Id();
}
