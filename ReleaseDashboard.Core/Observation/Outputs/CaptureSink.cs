using Microsoft.Extensions.Logging;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Observation;

/// <summary>
/// Writes captured output into its log. Where that cannot be done (a full disk), the output is let go and counted: a service must not stand still because its output
/// cannot be kept. What is missing is said in the log as soon as something can be written again.
/// </summary>
/// <param name="secrets">What must not be kept; asked for once.</param>
internal sealed class CaptureSink(ILogStore store, string logId, Func<CancellationToken, Task<IReadOnlyCollection<string>>> secrets, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly LossSeries _losses = new(clock);
    private ILogWriter? _writer;
    private IReadOnlyCollection<string>? _secrets;
    private OutputLoss? _unwritten;
    private long _tried;

    public async ValueTask TakeAsync(OutputPiece piece, CancellationToken cancellationToken)
    {
        _secrets ??= await secrets(cancellationToken);
        if (_unwritten is not null && clock.GetElapsedTime(_tried) < TryAgain)
        {
            Drop(piece);
            return;
        }

        try
        {
            _writer ??= store.OpenWriter(logId, _secrets);
            if (_unwritten is { } missing)
            {
                await SayAsync(_writer, missing, cancellationToken);
                _unwritten = null;
            }

            foreach (var lost in piece.Lost is { } loss ? _losses.Take(loss) : _losses.Quiet()) await SayAsync(_writer, lost, cancellationToken);
            if (piece.Lost is null) await _writer.WriteBytesAsync(piece.Source, "", piece.Lines, cancellationToken, piece.At);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_unwritten is null) log.LogWarning("Output of {LogId} cannot be written and is let go: {Message}", logId, e.Message);
            _tried = clock.GetTimestamp();
            Drop(piece);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is null) return;
        try
        {
            if (_losses.End() is { } held) await SayAsync(_writer, held, CancellationToken.None);
            if (_unwritten is { } missing) await SayAsync(_writer, missing, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{Lines} lines of {LogId} are missing, and its log could not be told: {Message}", _unwritten?.Lines, logId, e.Message);
        }

        await _writer.DisposeAsync();
    }

    private void Drop(OutputPiece piece)
    {
        var lines = piece.Lost is { } lost ? lost.Lines : OutputText.Count(piece.Lines.Span);
        _unwritten = new OutputLoss(_unwritten is null ? piece.At : _unwritten.From, piece.At, _unwritten is null ? lines : _unwritten.Lines + lines, "they could not be written: the disk of the data directory may be full");
    }

    private static async ValueTask SayAsync(ILogWriter writer, OutputLoss lost, CancellationToken cancellationToken) =>
        await writer.MarkGapAsync("", new LogGap(lost.Lines, null, lost.From, lost.To, lost.Reason), cancellationToken);
}
