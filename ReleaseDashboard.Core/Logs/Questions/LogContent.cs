using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Logs.Questions;

/// <summary>Opens logs for questions.</summary>
internal interface ILogContents
{
    /// <summary>Null when there is no such log.</summary>
    LogContent? Open(string logId);
}

/// <summary>A log to ask questions of, as long as it was when it was opened.</summary>
/// <param name="borrowed">The files belong to somebody else.</param>
internal sealed class LogContent(LogFiles files, LogState state, bool borrowed = false) : IDisposable
{
    private const int MostKept = 20_000;

    public LogState State => state;

    public LogFiles Files => files;

    public long GoneLines => files.LastGone == 0 ? 0 : files.Gone.Sum(g => g.To - g.From + 1);

    /// <summary>Where lines are, of a log of which some are gone; null when all are there, or when it is too much to tell.</summary>
    public IReadOnlyList<LineRange>? Kept() => files.LastGone == 0 || files.Gone.Count > MostKept ? null : LineRange.Without(files.Gone, state.TotalLines);

    /// <summary>At most pinned lines are left of it.</summary>
    public bool IsPruned => files.FirstLine > state.TotalLines && state.TotalLines > 0;

    /// <summary>Looks at the text from a line on, piece by piece, on several processors, and gives what was found in the order of the log.</summary>
    public IEnumerable<T> Look<T>(long from, Func<PieceBuffer, T> look, CancellationToken cancellationToken) =>
        from <= 1 ? files.Scan(state.TotalLines, LookAt(look), cancellationToken) : LookOn(from, LookAt(look), cancellationToken);

    public void Dispose()
    {
        if (!borrowed) files.Dispose();
    }

    private static LogFiles.Look<T> LookAt<T>(Func<PieceBuffer, T> look) => (piece, text) =>
    {
        using var buffer = new PieceBuffer(piece, text);
        return look(buffer);
    };

    /// <summary>What was added to a log since somebody looked is little: one piece after another.</summary>
    private IEnumerable<T> LookOn<T>(long from, LogFiles.Look<T> look, CancellationToken cancellationToken)
    {
        var entries = new LineEntry[4096];
        var text = new byte[LogPiece.Size + 1];
        for (int lines; (from = files.NextThere(from)) <= state.TotalLines; from += lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = files.ReadEntries(from, entries.AsSpan(0, (int)Math.Min(entries.Length, files.LastTogether(from, state.TotalLines) - from + 1)));
            if (known == 0) yield break;
            var start = entries[0].Start;
            for (lines = 0; lines < known && entries[lines].End - start <= LogPiece.Size; lines++)
            {
            }
            var cut = lines == 0;
            if (cut) lines = 1;
            var length = cut ? LogFiles.LineCap : (int)(entries[lines - 1].End - start);
            length = files.ReadText(start, text.AsSpan(0, length));
            if (cut) text[length++] = (byte)'\n';
            yield return look(new LogPiece(start, length, from, lines, cut), text.AsSpan(0, length));
        }
    }
}
