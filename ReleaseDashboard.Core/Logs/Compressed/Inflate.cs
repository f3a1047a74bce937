namespace ReleaseDashboard.Core.Logs.Compressed;

/// <summary>
/// Makes plain files of a compressed log again, for a writer that goes on with it. The index comes last and by a rename: until then readers see the compressed
/// log, and a process that is killed in between leaves it as it was.
/// </summary>
internal static class Inflate
{
    private const int Piece = 256 * 1024;

    /// <summary>Nothing to do for a log that is not compressed. Afterwards the log is plain only, and has not ended. A damaged file is an <see cref="IOException"/>.</summary>
    public static void Run(LogPaths paths)
    {
        try
        {
            RunWhole(paths);
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void RunWhole(LogPaths paths)
    {
        if (!File.Exists(paths.Compressed)) return;
        if (PlainLog.Open(paths) is { } plain)
        {
            // Killed between the rename of one form and the removal of the other: both are whole.
            plain.Dispose();
            File.Delete(paths.Compressed);
            return;
        }
        using (var log = FrameLog.Open(paths))
        {
            if (log is null) return;
            Write(log, paths);
        }
        File.Move(paths.Text + LogPaths.Unfinished, paths.Text, overwrite: true);
        File.Move(paths.Tasks + LogPaths.Unfinished, paths.Tasks, overwrite: true);
        File.Move(paths.Index + LogPaths.Unfinished, paths.Index, overwrite: true);
        File.Delete(paths.Compressed);
    }

    private static void Write(FrameLog log, LogPaths paths)
    {
        File.WriteAllText(paths.Tasks + LogPaths.Unfinished, string.Concat(log.Tasks.Select(t => t + "\n")));
        using var text = new FileStream(paths.Text + LogPaths.Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, Piece);
        using var index = new FileStream(paths.Index + LogPaths.Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, Piece);
        var record = new byte[IndexRecord.Size];
        new IndexHeader(log.FirstOffset, log.FirstLine - 1, false).Write(record);
        index.Write(record);
        var entries = new LineEntry[FrameFile.PageLines];
        var bytes = new byte[Piece];
        for (var line = log.FirstLine; log.ReadEntries(line, entries) is var read and > 0; line += read)
        {
            foreach (var entry in entries.AsSpan(0, read))
            {
                var sum = uint.MaxValue;
                for (var offset = entry.Start; offset < entry.End;)
                {
                    var part = bytes.AsSpan(0, log.ReadText(offset, bytes.AsSpan(0, (int)Math.Min(Piece, entry.End - offset))));
                    if (part.IsEmpty) throw new InvalidDataException("The compressed text is shorter than its index.");
                    text.Write(part);
                    offset += part.Length;
                    sum = IndexRecord.Sum(sum, offset == entry.End ? part[..^1] : part);
                }
                new IndexRecord(entry.End, entry.Ticks, entry.Task, (byte)entry.Source, sum).Write(record);
                index.Write(record);
            }
        }
        text.Flush(flushToDisk: true);
        index.Flush(flushToDisk: true);
    }
}
