using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines;

/// <summary>The output of one instance as it comes, from a position on. For one reader; disposing it stops listening.</summary>
public interface IOutputFeed : IAsyncDisposable
{
    /// <summary>
    /// Everything the instance prints, over all its starts, in order; what cannot be had any more comes as a piece that says so. Ends when the instance is down and the
    /// engine will not start it again by itself, or when it is gone. Waiting with the next piece is the back-pressure: in the end the instance itself waits.
    /// Throws <see cref="EngineUnavailableException"/> when the engine goes away: open again with what was read as the mark.
    /// </summary>
    IAsyncEnumerable<OutputPiece> ReadAllAsync(CancellationToken cancellationToken);
}

/// <param name="At">When it was printed, as far as is known.</param>
/// <param name="Lines">Whole lines, each with its line feed, as they were printed. Gone when the next piece is asked for.</param>
/// <param name="Lost">Set instead of lines: output that nobody can read any more was printed here.</param>
public readonly record struct OutputPiece(DateTimeOffset At, LogSource Source, ReadOnlyMemory<byte> Lines, OutputLoss? Lost = null);

/// <summary>Output that was printed, or may have been, and that the engine cannot give.</summary>
/// <param name="From">The last line before; null when nothing was ever read.</param>
/// <param name="Lines">How many are missing; null when nobody can count them.</param>
/// <param name="Reason">What follows "because": "Docker has already deleted that part of its log".</param>
public sealed record OutputLoss(DateTimeOffset? From, DateTimeOffset To, long? Lines, string Reason);

/// <summary>What a reader has of an instance's output already.</summary>
/// <param name="Lines">Lines since the instance's first; null when some of them are missing, so that counting does not help.</param>
/// <param name="Tail">The last of them, oldest first; a few dozen are enough.</param>
public sealed record OutputMark(long? Lines, IReadOnlyList<OutputLine> Tail);
