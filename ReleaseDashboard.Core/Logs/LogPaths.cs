using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Logs;

/// <summary>The files of one log.</summary>
/// <param name="Text">The masked text, a line each: what the raw download serves as it is.</param>
/// <param name="Index">One record a line, see <see cref="IndexRecord"/>. A line exists exactly when its record does.</param>
/// <param name="Tasks">Names of tasks, a line each; records refer to them by line number.</param>
internal sealed partial record LogPaths(string Text, string Index, string Tasks)
{
    public static LogPaths Of(string folder, string logId)
    {
        // An id becomes a file name, and instance ids come from outside.
        if (!Id().IsMatch(logId)) throw new ArgumentException($"\"{logId}\" cannot be the name of a log.", nameof(logId));
        var path = Path.Combine(folder, logId);
        return new(path + ".log", path + ".idx", path + ".tasks");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
    private static partial Regex Id();
}
