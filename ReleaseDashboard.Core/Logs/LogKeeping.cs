using ReleaseDashboard.Core.Logs.Compressed;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs;

/// <summary>Compressing, pruning and deleting of logs on a shelf.</summary>
internal sealed class LogKeeping(LogShelf shelf, TimeProvider clock)
{
    public IReadOnlyList<KeptLog> ListKept()
    {
        var kept = new List<KeptLog>();
        foreach (var logId in shelf.List("", LogPaths.IndexEnd, LogPaths.CompressedEnd))
        {
            var paths = shelf.PathsOf(logId);
            if (shelf.Writer(logId) is { } writer)
            {
                kept.Add(new(logId, SizeOf(paths), clock.GetUtcNow(), writer.State.Ended, Writing: true, Compressed: false));
                continue;
            }
            using var plain = PlainLog.Open(paths);
            var ended = plain is null || plain.State().Ended;
            kept.Add(new(logId, SizeOf(paths), WrittenAt(plain is null ? paths.Compressed : paths.Index), ended, Writing: false, Compressed: plain is null));
        }
        return kept;
    }

    public bool Prune(string logId, string reason)
    {
        return shelf.Change(logId, paths =>
        {
            if (SizeOf(paths) == 0) return false;
            var (lines, bytes) = CountLines(paths);
            // Before the files: a process that is killed in between prunes again.
            new PrunedNote(paths.Pruned).Write(new LogPruned(clock.GetUtcNow(), lines, bytes, reason));
            DeleteLines(paths);
            return true;
        });
    }

    /// <summary>Of a log that is damaged beyond reading nobody knows.</summary>
    private static (long Lines, long Bytes) CountLines(LogPaths paths)
    {
        try
        {
            using var files = LogFiles.Open(paths);
            var lines = files?.State().TotalLines ?? 0;
            return (lines, files?.EndOf(lines) ?? 0);
        }
        catch (InvalidDataException)
        {
            return (0, 0);
        }
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> for a log that is being written.</summary>
    public void Delete(string logId)
    {
        var deleted = shelf.Change(logId, paths =>
        {
            if (!Directory.Exists(shelf.Folder)) return true;
            DeleteLines(paths);
            File.Delete(paths.Pruned);
            File.Delete(paths.Pins);
            File.Delete(paths.Secrets);
            return true;
        });
        if (!deleted) throw new InvalidOperationException($"The log {logId} is being written and cannot be deleted.");
    }

    public async Task<bool> CompressAsync(string logId, Func<CancellationToken, ValueTask> breathe, CancellationToken cancellationToken)
    {
        if (shelf.Writer(logId) is not null) return false;
        var paths = shelf.PathsOf(logId);
        using var plain = PlainLog.Open(paths);
        if (plain is null || plain.State() is not { Ended: true } || plain.EndTicks() is not { } ended) return false;
        var unfinished = paths.Compressed + LogPaths.Unfinished;
        try
        {
            using (var writer = new FrameWriter(plain, unfinished)) await writer.WriteAsync(ended, breathe, cancellationToken);
            // It keeps its age: when it was written last, not when it was compressed.
            File.SetLastWriteTimeUtc(unfinished, new DateTime(ended, DateTimeKind.Utc));
            return shelf.Change(logId, _ =>
            {
                // Opened again meanwhile, or deleted: what was compressed is not the log any more.
                using (var now = PlainLog.Open(paths))
                {
                    if (now is null || now.EndTicks() != ended || now.State() != plain.State() || now.FirstLine != plain.FirstLine) return false;
                }
                foreach (var step in Switch(paths)) step();
                return true;
            });
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>From plain to compressed: after each step, and after none, the log is whole for readers and for the next writer.</summary>
    internal static IReadOnlyList<Action> Switch(LogPaths paths) =>
    [
        () => File.Move(paths.Compressed + LogPaths.Unfinished, paths.Compressed, overwrite: true),
        () => File.Delete(paths.Index),
        () => File.Delete(paths.Text),
        () => File.Delete(paths.SecondText),
        () => File.Delete(paths.Tasks),
    ];

    /// <summary>What a killed process left half made.</summary>
    public void Tidy()
    {
        if (!Directory.Exists(shelf.Folder)) return;
        foreach (var file in Directory.EnumerateFiles(shelf.Folder, "*" + LogPaths.Unfinished + "*").ToList())
        {
            // Not those of a log that a run goes on with already.
            if (LogPaths.IdOfUnfinished(Path.GetFileName(file)) is not { } logId) continue;
            shelf.Change(logId, _ =>
            {
                File.Delete(file);
                return false;
            });
        }
        foreach (var logId in shelf.List("", LogPaths.CompressedEnd))
        {
            shelf.Change(logId, paths =>
            {
                using var plain = PlainLog.Open(paths);
                // Both forms are whole: the switch was interrupted. Without the index the plain one is only a rest.
                if (plain is null) DeletePlain(paths);
                else File.Delete(paths.Compressed);
                return false;
            });
        }
    }

    private static void DeleteLines(LogPaths paths)
    {
        // The index first: without it the plain log does not exist for readers.
        File.Delete(paths.Index);
        File.Delete(paths.Compressed);
        DeletePlain(paths);
    }

    private static void DeletePlain(LogPaths paths)
    {
        File.Delete(paths.Text);
        File.Delete(paths.SecondText);
        File.Delete(paths.Tasks);
    }

    private static long SizeOf(LogPaths paths) => new[] { paths.Text, paths.SecondText, paths.Index, paths.Tasks, paths.Compressed }.Select(f => new FileInfo(f)).Sum(f => f.Exists ? f.Length : 0);

    private static DateTimeOffset WrittenAt(string path) => new(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
}
