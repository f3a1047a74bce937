using System.Runtime.CompilerServices;
using System.Text;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>
/// Output of a container over all its starts. What is printed comes over an attached connection, opened before the start where that is possible. An attached connection ends
/// with the process, and Docker starts the next one before anybody can attach again: what falls in between is read from Docker's log, and both are joined without a line twice.
/// </summary>
internal sealed class DockerOutputFeed(DockerConnection docker, DockerContainers containers, DockerOutput logs, string containerId, OutputMark? mark, bool starting, TimeProvider clock) : IOutputFeed
{
    /// <summary>After this long without a word an attached connection has told everything that was printed before.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>Between the engine's clock and ours, where they are two.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(2);

    /// <summary>Looks at a container whose output ended and that is still said to run: in a moment it is said to have ended.</summary>
    private const int SettlingLooks = 20;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(50);

    private readonly KnownOutput _known = new(mark);
    private readonly long[] _skip = new long[2];
    private readonly Queue<(DateTimeOffset At, LogSource Source, byte[] Lines)> _pending = new();
    private KeptOutput? _kept;
    private Attachment? _attached;
    private bool _starting = starting;

    /// <summary>Something may have been printed that is not known.</summary>
    private bool _behind;

    /// <summary>The connection was opened while nothing ran: it has all of the next start.</summary>
    private bool _idle;

    /// <summary>The start up to which everything is known; null when no start can be told from the others.</summary>
    private Start? _covered;

    private KeptOutput Kept => _kept ??= new KeptOutput(logs, containerId, _known, clock);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var container = await LookAsync(cancellationToken) ?? throw new EngineException($"There is no instance {containerId}.");
        _behind = container.State?.Status != "created";
        _idle = !IsUp(container);
        _covered = Start.Of(container);
        if (_starting || !_idle) _attached = await Attachment.TryAsync(docker, containerId, clock, cancellationToken);
        // Whenever it is started, the connection has all of it.
        if (_idle && _attached is not null) _covered = Start.Of(container) with { At = null };
    }

    public async IAsyncEnumerable<OutputPiece> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wait = ShortWait;
        var settling = 0;
        while (true)
        {
            if (_behind)
            {
                await foreach (var piece in CatchUpAsync(cancellationToken)) yield return piece;
            }

            while (_pending.TryDequeue(out var heard))
            {
                if (Hear(heard.At, heard.Source, heard.Lines) is { } piece) yield return piece;
            }

            while (_attached is not null)
            {
                if (await _attached.ReadAsync(cancellationToken) is { } read)
                {
                    if (Hear(clock.GetUtcNow(), read.Source, read.Lines) is { } piece) yield return piece;
                    continue;
                }

                Detach();
                _starting = false;
                wait = ShortWait;
                settling = SettlingLooks;
            }

            if (await LookAsync(cancellationToken) is not { } container) yield break;
            var start = Start.Of(container);
            _behind = _covered is not { } covered || !covered.IsFollowedBy(start);
            if (settling-- > 0 && !_behind && container.State is { Running: true })
            {
                // Its process has just ended, and nothing of it is missing. Asking for its log now would be asking while it is removed.
                await Task.Delay(ShortWait, clock, cancellationToken);
                continue;
            }

            settling = 0;
            _idle = false;
            // Only where no other start can have been in between is the next one waited for; everything else is looked up.
            _covered = start;
            if (container.State is { Running: true, Restarting: false, Paused: false }) _attached = await Attachment.TryAsync(docker, containerId, clock, cancellationToken);
            if (_attached is not null) _behind = true;
            if (_behind) continue;
            if (!IsUp(container) && !_starting) yield break;
            await Task.Delay(wait, clock, cancellationToken);
            wait = wait * 2 < LongWait ? wait * 2 : LongWait;
        }
    }

    public ValueTask DisposeAsync()
    {
        Detach();
        return ValueTask.CompletedTask;
    }

    /// <summary>Everything Docker kept behind what is known, and where the attached connection continues it.</summary>
    private async IAsyncEnumerable<OutputPiece> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _behind = false;
        Array.Clear(_skip);
        var opened = _attached is null ? DateTimeOffset.MaxValue : docker.Endpoint.IsLocalLinux ? _attached.At : _attached.At - ClockDifference;
        AttachJoin[] joins = [new(opened), new(opened)];
        var begun = 0L;
        // The log may come up late with what was heard already.
        for (var round = 1; round == 1 || clock.GetElapsedTime(begun) < KeptOutput.LongPatience; round++)
        {
            // The first round is before anybody listens to what the connection has to say.
            var ended = round > 1 && !await GatherAsync(joins, cancellationToken);
            OutputLoss? refused = null;
            var more = false;
            await foreach (var (line, lost) in Kept.ReadAsync(_idle ? opened : DateTimeOffset.MaxValue, cancellationToken))
            {
                if (lost is not null && !Kept.IsReadable)
                {
                    refused = lost;
                    break;
                }

                yield return lost is null ? Piece(line) : Piece(lost);
                if (lost is not null) continue;
                joins[Index(line.Source)].Read(line);
                more = true;
            }

            var heard = Array.Exists(joins, j => j.HasHeard);
            if (heard && Array.TrueForAll(joins, j => !j.HasHeard || j.Overlap() is not null))
            {
                for (var i = 0; i < joins.Length; i++) _skip[i] = joins[i].HasHeard ? joins[i].Overlap() ?? 0 : 0;
                yield break;
            }

            if (refused is not null) yield return Piece(refused);
            // What a process printed that has ended is all in the log, so what was heard of it is not needed.
            else if (ended) _pending.Clear();
            if (refused is not null || _attached is null || _idle || (round > 1 && !heard && !more)) yield break;
            if (round == 1)
            {
                begun = clock.GetTimestamp();
                continue;
            }

            if (!more) await Task.Delay(BetweenRounds, clock, cancellationToken);
        }

        yield return Piece(new OutputLoss(_known.Last, clock.GetUtcNow(), null, KeptOutput.Unclear));
        _known.Lost();
    }

    /// <summary>Listens for a moment and keeps what it hears. False when the process ended meanwhile.</summary>
    private async Task<bool> GatherAsync(AttachJoin[] joins, CancellationToken cancellationToken)
    {
        var patience = _pending.Count == 0 ? Quiet : TimeSpan.FromMilliseconds(10);
        while (joins[0].WantsMore && joins[1].WantsMore && await _attached!.WaitAsync(patience, clock, cancellationToken))
        {
            if (await _attached.ReadAsync(cancellationToken) is not { } read)
            {
                Detach();
                _covered = null;
                return false;
            }

            _pending.Enqueue((clock.GetUtcNow(), read.Source, read.Lines.ToArray()));
            joins[Index(read.Source)].Heard(OutputText.Lines(read.Lines));
            patience = TimeSpan.FromMilliseconds(10);
        }

        return true;
    }

    /// <summary>Lines heard, without those that were read from the log already.</summary>
    private OutputPiece? Hear(DateTimeOffset at, LogSource source, ReadOnlyMemory<byte> lines)
    {
        ref var skip = ref _skip[Index(source)];
        for (; skip > 0 && !lines.IsEmpty; skip--) lines = lines[(lines.Span.IndexOf((byte)'\n') + 1)..];
        if (lines.IsEmpty) return null;
        _known.Heard(at, source, lines.Span);
        return new OutputPiece(at, source, lines);
    }

    private Task<ContainerInspectResponse?> LookAsync(CancellationToken cancellationToken) => containers.InspectAsync(containerId, cancellationToken);

    private void Detach()
    {
        _attached?.Dispose();
        _attached = null;
    }

    private static OutputPiece Piece(OutputLoss lost) => new(lost.To, LogSource.Sys, default, lost);

    private static bool IsUp(ContainerInspectResponse container) => container.State is { Running: true } or { Restarting: true } or { Paused: true };

    private static int Index(LogSource source) => source == LogSource.Err ? 1 : 0;

    private static OutputPiece Piece(OutputLine line) => new(line.At, line.Source, Encoding.UTF8.GetBytes(line.Text + "\n"));

    /// <param name="Restarts">How often Docker has started it again by itself since somebody started it.</param>
    /// <param name="At">Null for whenever that was.</param>
    private readonly record struct Start(long Restarts, string? At, bool Waits)
    {
        public static Start Of(ContainerInspectResponse container) => new(container.RestartCount, container.State?.StartedAt, container.State?.Restarting == true);

        /// <summary>Nothing was started between the two: it is the same start, or the end of it.</summary>
        public bool IsFollowedBy(Start later) => later == this || (Waits == later.Waits ? later.Restarts == Restarts && (At is null || later.At == At) : later.Waits && later.Restarts == Restarts + 1);
    }
}
