using System.Text;
using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Components.Logs;

/// <summary>What the circuit tells the script.</summary>
/// <param name="Lines">The newest lines; null where the end is not looked at, or where the script fetches them itself.</param>
/// <param name="Pruned">What retention has removed.</param>
public sealed record LogTailMessage(long TotalLines, bool Ended, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LogTailLines? Lines, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LogPruned? Pruned = null);

/// <summary>Lines as columns: they go to every viewer of a live log many times a second, and names of fields would be more than what they hold.</summary>
/// <param name="From">Number of the first line; the others follow without a gap.</param>
/// <param name="At">When <paramref name="From"/> was written, in milliseconds since 1970.</param>
/// <param name="After">Milliseconds from the line before; 0 for the first.</param>
/// <param name="Kinds">A letter for each line: <c>a</c> and source (out 0, err 1, sys 2) and three times the mark (none 0, warning 1, error 2). Empty when all are <c>a</c>.</param>
/// <param name="Text">A line each.</param>
public sealed record LogTailLines(long From, long At, IReadOnlyList<long> After, string Kinds, IReadOnlyList<LogTailTask> Tasks, string Text)
{
    /// <summary>Null where lines are missing in between, as after pruning, and where there are none.</summary>
    public static LogTailLines? Of(IReadOnlyList<LogLine> lines)
    {
        if (lines.Count == 0 || lines[^1].Number - lines[0].Number != lines.Count - 1) return null;
        var at = Milliseconds(lines[0]);
        var after = new List<long>(lines.Count);
        var tasks = new List<LogTailTask>();
        var kinds = new StringBuilder(lines.Count);
        var before = at;
        foreach (var line in lines)
        {
            after.Add(Milliseconds(line) - before);
            before = Milliseconds(line);
            kinds.Append((char)('a' + Source(line.Source) + (3 * Mark(line.Text))));
            if (tasks.Count > 0 && tasks[^1].Name == line.Task) tasks[^1] = tasks[^1] with { Count = tasks[^1].Count + 1 };
            else tasks.Add(new LogTailTask(1, line.Task));
        }
        var plain = true;
        for (var i = 0; i < kinds.Length && plain; i++) plain = kinds[i] == 'a';
        return new LogTailLines(lines[0].Number, at, after, plain ? "" : kinds.ToString(), tasks, string.Join('\n', lines.Select(l => l.Text)));
    }

    private static long Milliseconds(LogLine line) => line.At.ToUnixTimeMilliseconds();

    private static int Source(LogSource source) => source switch { LogSource.Err => 1, LogSource.Sys => 2, _ => 0 };

    private static int Mark(string text) => LineMarks.Of(text) switch { LineMark.Error => 2, LineMark.Warning => 1, _ => 0 };
}

/// <summary>So many lines of a task.</summary>
public sealed record LogTailTask(int Count, string Name);
