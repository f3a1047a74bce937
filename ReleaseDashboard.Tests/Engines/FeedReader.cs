using System.Collections.Concurrent;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Engines;

/// <summary>Reads a feed in the background and keeps what came.</summary>
internal sealed class FeedReader
{
    private readonly ConcurrentQueue<OutputLine> _lines = new();
    private readonly ConcurrentQueue<OutputLoss> _losses = new();

    public IReadOnlyList<string> Lines => [.. _lines.Select(l => l.Text)];

    public IReadOnlyList<OutputLoss> Losses => [.. _losses];

    public int Count => _lines.Count;

    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>What a next reader would be told.</summary>
    public OutputMark Mark(OutputMark? before) => new(_losses.IsEmpty ? (before is null ? 0 : before.Lines) + _lines.Count : null, [.. (before?.Tail ?? []).Concat(_lines).TakeLast(200)]);

    public static FeedReader Begin(IOutputFeed feed, CancellationToken cancellationToken)
    {
        var reader = new FeedReader();
        reader.Ended = Task.Run(() => reader.ReadAsync(feed, cancellationToken), CancellationToken.None);
        return reader;
    }

    private async Task ReadAsync(IOutputFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var piece in feed.ReadAllAsync(cancellationToken))
        {
            if (piece.Lost is { } lost) _losses.Enqueue(lost);
            foreach (var line in OutputText.Lines(piece.Lines)) _lines.Enqueue(new OutputLine(piece.At, piece.Source, line));
        }
    }
}
