namespace ReleaseDashboard.Core.Logs.Questions.Diff;

/// <summary>One of two logs: for each line what it is compared by, and which lines it is compared with.</summary>
/// <param name="Groups">Number of the task or build step of each line.</param>
/// <param name="FirstLine">Number of the line at place 0.</param>
internal sealed record DiffSide(long FirstLine, ulong[] Hashes, int[] Groups)
{
    /// <param name="groups">Numbers of tasks and build steps, the same for both sides.</param>
    public static DiffSide Read(LogContent content, Dictionary<(string Task, ulong Step), int> groups, CancellationToken cancellationToken)
    {
        var firstLine = content.Files.FirstLine;
        var lines = (int)Math.Clamp(content.State.TotalLines - firstLine + 1, 0, LogDiff.MostLines);
        var hashes = new ulong[lines];
        var groupOf = new int[lines];
        var entries = Array.Empty<LineEntry>();
        // A step's first line is its name; by it the step is known in the other log, where it may have another number.
        var steps = new Dictionary<(int Task, int Step), ulong>();
        using var part = new LogContent(content.Files, content.State with { TotalLines = firstLine - 1 + lines }, borrowed: true);
        foreach (var found in part.Look(1, Look, cancellationToken))
        {
            // Pinned lines of what is gone.
            if (found.FirstLine < firstLine) continue;
            var first = (int)(found.FirstLine - firstLine);
            if (entries.Length < found.Lines.Count) entries = new LineEntry[found.Lines.Count];
            content.Files.ReadEntries(found.FirstLine, entries.AsSpan(0, found.Lines.Count));
            for (var i = 0; i < found.Lines.Count; i++)
            {
                var (hash, step) = found.Lines[i];
                var task = content.Files.TaskOf(entries[i]);
                ulong name = 0;
                if (step > 0 && task.StartsWith(Tasks.ImagePrefix, StringComparison.Ordinal) && !steps.TryGetValue((entries[i].Task, step), out name)) steps[(entries[i].Task, step)] = name = hash;
                hashes[first + i] = hash;
                if (!groups.TryGetValue((task, name), out groupOf[first + i])) groups[(task, name)] = groupOf[first + i] = groups.Count;
            }
        }
        return new DiffSide(firstLine, hashes, groupOf);
    }

    public long LastLine => FirstLine + Hashes.Length - 1;

    public List<int>[] LinesOfGroups(int groups)
    {
        var lines = new List<int>[groups];
        for (var g = 0; g < groups; g++) lines[g] = [];
        for (var i = 0; i < Groups.Length; i++) lines[Groups[i]].Add(i);
        return lines;
    }

    private static (long FirstLine, List<(ulong Hash, int Step)> Lines) Look(PieceBuffer piece)
    {
        var lines = new List<(ulong, int)>(piece.LineCount);
        var buffer = new byte[LineHash.Most];
        for (var bytes = piece.Bytes; !bytes.IsEmpty;)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = bytes[..end];
            bytes = bytes[(end + 1)..];
            lines.Add((LineHash.Of(line, buffer), Outline.BuildSteps.NumberOf(line)));
        }
        return (piece.FirstLine, lines);
    }
}
